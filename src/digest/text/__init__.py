"""Pure text tools: decoding, words of HTML, dates, script."""

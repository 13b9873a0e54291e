"""The imperative shell: memo, workers, output, and the one pipeline that composes the stages."""

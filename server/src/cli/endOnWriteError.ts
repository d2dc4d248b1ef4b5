import { EXIT_FAILURE } from './io.js'

/**
 * If the reader of a pipe has ended, such as `head`, the program ends silently. If the output cannot be written, for
 * example because the disk is full, it ends as for other input and output errors.
 */
export function endOnWriteError(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    process.stderr.write(`ambient-policy: the output cannot be written (${error.code ?? ''})\n`)
    process.exit(EXIT_FAILURE)
  })
}

#!/usr/bin/env node
import { endOnWriteError } from './endOnWriteError.js'

declare const AMBIENT_POLICY_VERSION: string

const args = process.argv.slice(2)
endOnWriteError(process.stdout)
endOnWriteError(process.stderr)
// This is the whole answer, so that nothing else is loaded for it.
if (args.length === 1 && ['-V', '--version'].includes(args[0] ?? ''))
  process.stdout.write(`${AMBIENT_POLICY_VERSION}\n`)
else void import('./nodeProcess.js').then(({ runProcess }) => runProcess(args))

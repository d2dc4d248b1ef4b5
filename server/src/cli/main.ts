#!/usr/bin/env node
import { outputStream } from './outputStream.js'

declare const AMBIENT_POLICY_VERSION: string

const args = process.argv.slice(2)

// These are whole answers, so that nothing else is loaded for them.
if (args.length === 1 && ['-V', '--version'].includes(args[0] ?? ''))
  outputStream('stdout').write(`${AMBIENT_POLICY_VERSION}\n`)
else if (args.includes('help') || ['-h', '--help'].includes(args.at(-1) ?? '')) void help()
else void run()

async function help(): Promise<void> {
  const out = outputStream('stdout')
  const text = out.isTerminal ? undefined : await helpText()
  if (text === undefined) await run()
  else out.write(text)
}

/** Undefined if the command line prints no help, or without the file of the texts: then the commands are loaded. */
async function helpText(): Promise<string | undefined> {
  try {
    const { helpTexts } = await import('./helpTexts.js')
    return helpTexts().find(({ commandLines }) => commandLines.includes(args.join(' ')))?.text
  } catch {
    return undefined
  }
}

async function run(): Promise<void> {
  const { runProcess } = await import('./nodeProcess.js')
  await runProcess(args)
}

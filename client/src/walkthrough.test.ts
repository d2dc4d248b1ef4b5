import { existsSync, readFileSync } from 'node:fs'
import { analyse, expectFixed, findingsOf } from '@istio-ambient-policy/shared/testing'
import { expect, it } from 'vitest'
import { readManifest } from '../../scripts/readManifest.mjs'
import {
  EVALUATE_SAMPLE_COMMAND,
  EXPLAIN_SAMPLE_COMMAND,
  SHOW_SAMPLE_MATRIX_COMMAND,
} from './commands/commandNames.js'
import { MISTAKES, SHOWN_FINDINGS } from './commands/mistakes.js'

interface Step {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly media: { readonly markdown: string }
  readonly completionEvents: readonly string[]
}

/** The editor cuts longer titles if the walkthrough is beside other editors. */
const MAX_TITLE_LENGTH = 32

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url)
const manifest = readManifest() as {
  contributes: { walkthroughs: readonly { steps: readonly Step[] }[] }
}
const sample = readFileSync(at('client/media/walkthrough/sample-mesh.yaml'), 'utf8')

it('the sample mesh has exactly the mistakes of the walkthrough', () => {
  expect(findingsOf(analyse(sample)).map(({ rule }) => rule)).toEqual(Object.keys(MISTAKES))
})

it('after all fixes the sample mesh has no finding', () => {
  const fixed = Object.entries(SHOWN_FINDINGS).reduce<Readonly<Record<string, string>>>(
    (files, [rule, title]) => expectFixed(files, { rule, title }),
    { 'test.yaml': sample },
  )
  expect(findingsOf(analyse(fixed))).toEqual([])
})

it('the title of each step is short enough to be shown whole beside other editors', () => {
  const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps)
  const titles = steps.map(({ title }) => title)
  expect(titles.filter((title) => title.length > MAX_TITLE_LENGTH)).toEqual([])
})

it('each mistake has a step that shows it, fixes it and is then completed', () => {
  const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps)
  const findings = steps.slice(0, Object.keys(SHOWN_FINDINGS).length)
  expect(findings.map(({ id }) => id)).toEqual(Object.keys(SHOWN_FINDINGS))
  for (const { id, description, media, completionEvents } of findings) {
    const argument = encodeURIComponent(JSON.stringify([id]))
    expect(description).toContain(`(command:istioAmbientPolicy.showSampleMistake?${argument})`)
    expect(description).toContain(`(command:istioAmbientPolicy.fixSampleMistake?${argument})`)
    expect(completionEvents).toEqual([`onContext:istioAmbientPolicy.fixed.${id}`])
    expect(existsSync(at(media.markdown))).toBe(true)
  }
})

it('the last steps run a command on the sample mesh, which completes them', () => {
  const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps)
  const last = steps.slice(Object.keys(SHOWN_FINDINGS).length)
  expect(last.map(({ completionEvents }) => completionEvents)).toEqual([
    [`onCommand:${EXPLAIN_SAMPLE_COMMAND}`],
    [`onCommand:${EVALUATE_SAMPLE_COMMAND}`],
    [`onCommand:${SHOW_SAMPLE_MATRIX_COMMAND}`],
  ])
  for (const { description, media, completionEvents } of last) {
    expect(description).toContain(
      `(command:${completionEvents[0]?.slice('onCommand:'.length) ?? ''})`,
    )
    expect(existsSync(at(media.markdown))).toBe(true)
  }
})

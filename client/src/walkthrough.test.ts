import { existsSync, readFileSync } from 'node:fs'
import { analyse, expectFixed, findingsOf } from '@istio-ambient-policy/shared/testing'
import { expect, it } from 'vitest'
import { readManifest } from '../../scripts/readManifest.mjs'
import { MISTAKES } from './commands/mistakes.js'

interface Step {
  readonly id: string
  readonly description: string
  readonly media: { readonly markdown: string }
  readonly completionEvents: readonly string[]
}

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url)
const manifest = readManifest() as {
  contributes: { walkthroughs: readonly { steps: readonly Step[] }[] }
}
const sample = readFileSync(at('client/media/walkthrough/sample-mesh.yaml'), 'utf8')

it('the sample mesh has exactly the mistakes of the walkthrough', () => {
  expect(findingsOf(analyse(sample)).map(({ rule }) => rule)).toEqual(Object.keys(MISTAKES))
})

it('after all fixes the sample mesh has no error, only a waypoint that clients can bypass', () => {
  const fixed = Object.entries(MISTAKES).reduce<Readonly<Record<string, string>>>(
    (files, [rule, title]) => expectFixed(files, { rule, title }),
    { 'test.yaml': sample },
  )
  expect(findingsOf(analyse(fixed)).map(({ rule, level }) => `${level} ${rule}`)).toEqual([
    'warning waypoint-bypass',
  ])
})

it('each mistake has a step that shows it, fixes it and is then completed', () => {
  const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps)
  expect(steps.map(({ id }) => id)).toEqual(Object.keys(MISTAKES))
  for (const { id, description, media, completionEvents } of steps) {
    const argument = encodeURIComponent(JSON.stringify([id]))
    expect(description).toContain(`(command:istioAmbientPolicy.showSampleMistake?${argument})`)
    expect(description).toContain(`(command:istioAmbientPolicy.fixSampleMistake?${argument})`)
    expect(completionEvents).toEqual([`onContext:istioAmbientPolicy.fixed.${id}`])
    expect(existsSync(at(media.markdown))).toBe(true)
  }
})

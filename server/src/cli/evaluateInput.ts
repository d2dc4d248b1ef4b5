import type { MeshFinding } from '@istio-ambient-policy/shared'
import { findingsIn, outcomeOf, type Outcome } from './checkReport.js'
import type { RenderedFix } from './format/checkFormat.js'
import { inputReport, NAMED_WITH_FINDINGS, type InputReport } from './inputFacts.js'
import type { MeshInput } from './inputs.js'
import type { CliIo } from './io.js'
import { diskTextsOf, loadMeshes, type LoadedMeshes } from './loadMesh.js'
import { fixRenderer } from './renderFixes.js'
import { ResultCache, ScanDigest, type KeptResult } from './resultCache.js'
import { checkInSteps } from './steps.js'

/** An input with its findings. */
export interface EvaluatedInput extends InputReport {
  readonly outcome: Outcome
  /** The current text of a file. */
  textOf(file: string): string | undefined
  /** The text changes of the fixes of the finding with this index in `outcome`. */
  fixesOf(index: number): readonly RenderedFix[]
}

interface EvaluateOptions {
  /** Uses a result of an earlier run. */
  readonly useCache: boolean
  /** Whether the formats of the report need the text changes of fixes. */
  readonly needsFixes: boolean
}

/** Reads an input and evaluates it, or takes the result of an earlier run on the same files. */
export async function evaluateInput(
  io: CliIo,
  input: MeshInput,
  { useCache, needsFixes }: EvaluateOptions,
): Promise<EvaluatedInput> {
  const cache = useCache ? ResultCache.for(io, input, needsFixes ? 'fixes' : '') : undefined
  const kept = cache?.get()
  if (kept) return keptInput(io, input, kept)
  const digest = cache && new ScanDigest()
  const loaded = await loadMeshes(io, input, {
    world: 'open',
    showsFindings: true,
    ...(digest
      ? {
          onStep: (step) => {
            digest.add(step)
          },
        }
      : {}),
  })
  const evaluated = await loadedInput(io, loaded)
  if (cache && digest) {
    const { outcome } = evaluated
    const { notices, problems, parts, withSource } = loaded.facts
    cache.put(digest.value(), {
      ...outcome,
      findings: outcome.findings.map((finding, index) =>
        needsFixes ? { ...finding, edits: evaluated.fixesOf(index) } : finding,
      ),
      notices,
      problems,
      parts,
      withSource: [...withSource],
      chartFolders: loaded.facts.chartFolders(),
    })
  }
  return evaluated
}

/** The findings of meshes, as they are now. */
export async function loadedInput(io: CliIo, loaded: LoadedMeshes): Promise<EvaluatedInput> {
  const findings = await checkInSteps(io, findingsIn(loaded.meshes))
  const render = fixRenderer(io, (file) => loaded.textOf(file))
  const rendered = (finding: MeshFinding | undefined): readonly RenderedFix[] =>
    finding ? render(finding) : []
  return {
    ...loaded,
    outcome: outcomeOf(loaded.meshes, findings),
    fixesOf: (index) => rendered(findings[index]),
  }
}

function keptInput(io: CliIo, input: MeshInput, kept: KeptResult): EvaluatedInput {
  const textOf = diskTextsOf(io, input)
  const { withSource, chartFolders } = kept
  const facts = { ...kept, withSource: new Set(withSource), chartFolders: () => chartFolders }
  return {
    ...inputReport(io, input, facts, { textOf, charts: [], named: NAMED_WITH_FINDINGS }),
    outcome: kept,
    textOf,
    fixesOf: (index) => kept.findings[index]?.edits ?? [],
  }
}

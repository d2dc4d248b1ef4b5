import { LEVELS, type Level } from '@istio-ambient-policy/shared'
import { checkReport, type CheckReport } from '../checkReport.js'
import { formatCheckText } from '../format/checkText.js'
import { separateInputs } from '../inputs.js'
import { EXIT_FAILURE, EXIT_FINDINGS, EXIT_OK, type CliIo } from '../io.js'
import { loadMeshes, type LoadedMeshes } from '../loadMesh.js'
import { absolutePath, displayPath, STDIN } from '../paths.js'
import { createStyle } from '../style.js'

export const FAIL_ON = ['error', 'warning', 'information', 'never'] as const

interface FormatContext {
  readonly io: CliIo
  readonly textOf: (file: string) => string | undefined
}

type CheckFormat = (report: CheckReport, context: FormatContext) => string

/** Output formats by name. */
export const CHECK_FORMATS: Readonly<Record<string, CheckFormat>> = {
  text: (report, { io, textOf }) => formatCheckText(report, { style: createStyle(io.colours), textOf }),
  json: (report) => `${JSON.stringify(report, undefined, 2)}\n`,
}

export interface CheckOptions {
  readonly format: string
  readonly failOn: (typeof FAIL_ON)[number]
}

/** Reports the findings of the meshes below some paths. */
export async function check(io: CliIo, paths: readonly string[], options: CheckOptions): Promise<number> {
  const loaded: LoadedMeshes[] = []
  for (const input of separateInputs(io, paths)) loaded.push(await loadMeshes(io, input, 'open'))
  const report = checkReport(loaded.flatMap(({ meshes }) => meshes), (file) => displayPath(io.cwd, file))
  const textOf = (shown: string): string | undefined => {
    const file = shown === STDIN ? STDIN : absolutePath(io.cwd, shown)
    return loaded.map((input) => input.textOf(file)).find((text) => text !== undefined)
  }
  const format = CHECK_FORMATS[options.format]
  if (!format) throw new Error(`There is no format ${options.format}.`)
  io.out(format(report, { io, textOf }))
  if (loaded.some(({ incomplete }) => incomplete)) return EXIT_FAILURE
  return report.findings.some(({ level }) => reaches(level, options.failOn)) ? EXIT_FINDINGS : EXIT_OK
}

function reaches(level: Level, failOn: CheckOptions['failOn']): boolean {
  return failOn !== 'never' && LEVELS.indexOf(level) <= LEVELS.indexOf(failOn)
}

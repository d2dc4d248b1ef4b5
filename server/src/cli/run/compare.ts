import { compareDump, parseYaml, readDump, toPlain } from '@istio-ambient-policy/shared'
import { reportComparison } from '../compareReport.js'
import { toJson } from '../format/json.js'
import { formatCompareText } from '../format/compareText.js'
import { asSingleMesh } from '../inputs.js'
import { CommandFailure, EXIT_FAILURE, EXIT_FINDINGS, EXIT_OK, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import { failsStrictly } from '../notRead.js'
import { inputText, parseJson, readInput, readStdinBytes } from '../readInput.js'
import { createStyle } from '../style.js'
import type { CompareOptions } from '../commands/compare.js'

/** Parses a dump. Throws a `CommandFailure` for other files, such as one that is empty because the first command failed. */
function parseDump(text: string, name: string): unknown {
  // Warnings of istioctl can come first.
  const start = text.search(/^\s*[[{]/m)
  return start < 0 ? parseYamlDump(text, name) : parseJson(text.slice(start), name)
}

function parseYamlDump(text: string, name: string): unknown {
  const {
    root,
    problems: [problem],
  } = parseYaml(text)
  if (root && root.type !== 'scalar' && !problem) return toPlain(root)
  const found =
    text.trim() === ''
      ? 'is empty'
      : problem?.isLimit
        ? 'is too large for YAML'
        : 'is neither JSON nor YAML'
  throw new CommandFailure(
    `${name} ${found}: needs the output of "istioctl ztunnel-config all -o json"`,
  )
}

export async function compare(io: CliIo, dump: string, options: CompareOptions): Promise<number> {
  const { paths, format } = options
  if (dump === '-' && paths.includes('-'))
    throw new CommandFailure('standard input can be the dump or the manifests, not both')
  const name = dump === '-' ? 'standard input' : dump
  const text = dump === '-' ? inputText(name, await readStdinBytes(io)) : readInput(io, dump)
  const { config, problem } = readDump(parseDump(text, name))
  if (!config) throw new CommandFailure(`${name}: ${problem}`)
  const { analysis, incomplete, notRead, placeOf } = await loadOneMesh(
    io,
    asSingleMesh(io, paths, options),
  )
  const report = reportComparison(compareDump(analysis.mesh, config), analysis, placeOf)
  io.out(
    format === 'json'
      ? `${toJson(report, 2)}\n`
      : formatCompareText(report, createStyle(io.colours)),
  )
  if (failsStrictly(io, options, notRead) || incomplete) return EXIT_FAILURE
  return report.differences.length > 0 ? EXIT_FINDINGS : EXIT_OK
}

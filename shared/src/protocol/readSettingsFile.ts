import { lineStartsOf, rangeOf, type Range, type Span } from '../text/lineIndex.js'
import { entryOf, nodeAt, toPlain, type YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { splitDocuments } from '../yaml/splitDocuments.js'
import { decodeSettings, type SettingProblem } from './decodeSettings.js'
import type { GivenSettings } from './settings.js'

/** A problem in the settings file, with its range. `path` is empty if the file is not valid YAML. */
export interface SettingsFileProblem extends SettingProblem {
  readonly range: Range
}

/** Reads the text of a `.ambient-policy.yaml`. An empty file sets nothing. Never throws. */
export function readSettingsFile(text: string): {
  readonly settings: GivenSettings
  readonly problems: readonly SettingsFileProblem[]
} {
  const { root, problems: syntax } = parseYaml(text)
  const lineStarts = lineStartsOf(text)
  const broken: SettingsFileProblem[] = syntax.map(({ message, span }) => ({
    path: [],
    message,
    range: rangeOf(lineStarts, span),
  }))
  const [, second] = splitDocuments(text).filter((document) => hasContent(document.text))
  if (second)
    broken.push({
      path: [],
      message: 'The settings must be one document.',
      range: rangeOf(lineStarts, { start: second.start, end: second.start }),
    })
  if (broken.length > 0 || !root) return { settings: {}, problems: broken }
  const decoded = decodeSettings(plainSettings(root))
  return {
    settings: decoded.settings,
    problems: decoded.problems.map((problem) => ({
      ...problem,
      range: rangeOf(lineStarts, keySpan(root, problem.path)),
    })),
  }
}

/** Whether a document is more than a marker and comments. */
function hasContent(text: string): boolean {
  const { root } = parseYaml(text)
  return root !== undefined && !(root.type === 'scalar' && root.value === null)
}

/** YAML reads `1.30` without quotes as the number 1.3: the text is used instead. */
function plainSettings(root: YamlNode): unknown {
  const plain = toPlain(root)
  const version = entryOf(root, 'istioVersion')?.value
  const isNumber = version?.type === 'scalar' && typeof version.value === 'number'
  return isNumber && typeof plain === 'object' ? { ...plain, istioVersion: version.text } : plain
}

function keySpan(root: YamlNode, path: readonly string[]): Span {
  const parent = path.length === 0 ? undefined : nodeAt(root, path.slice(0, -1))
  return (
    entryOf(parent, path[path.length - 1] ?? '')?.keySpan ?? { start: root.start, end: root.start }
  )
}

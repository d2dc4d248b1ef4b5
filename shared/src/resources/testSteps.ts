import { entryOf, type YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { splitDocuments } from '../yaml/splitDocuments.js'
import { isTestStepsFile } from './buildFileNames.js'
import { folderOf, joinPath } from './paths.js'

/** Operations of Chainsaw whose file is compared with an object of the cluster, or merged into one. */
const WITHOUT_OBJECTS = ['assert', 'error', 'patch']

/** The files that a test of Chainsaw reads, and that contain no object: expected objects and patches. */
export function readExpectedFiles(file: string, text: string): readonly string[] | undefined {
  if (!isTestStepsFile(file)) return undefined
  const roots = splitDocuments(text).map((document) => parseYaml(document.text).root)
  const names = roots.flatMap((root) => (root ? namesIn(root) : []))
  return [...new Set(names.map((name) => joinPath(folderOf(file), name)))].sort()
}

function namesIn(node: YamlNode): string[] {
  if (node.type === 'seq') return node.items.flatMap(namesIn)
  if (node.type !== 'map') return []
  return node.entries.flatMap(({ key, value }) => {
    const named = WITHOUT_OBJECTS.includes(key) ? entryOf(value, 'file')?.value : undefined
    return named?.type === 'scalar' ? [named.text] : namesIn(value)
  })
}

import { fileName, folderOf, joinPath } from '../resources/paths.js'
import { quoted } from '../text/words.js'
import type { TestFileProblem } from './readTestFile.js'
import { readTestFile } from './readTestFile.js'
import { isTestFile, type TestFile } from './testFile.js'

export interface MeshPaths {
  /** Absolute paths of files and folders. Empty if there is a problem. */
  readonly paths: readonly string[]
  /** With ranges in the test file. */
  readonly problems: readonly TestFileProblem[]
}

/** The files that a test file can name. */
export interface MeshFiles {
  /** The text of a file; undefined if it cannot be read. */
  text(file: string): string | undefined
  /** Why a file or folder cannot be used: `does not exist`. Undefined if it can. */
  whyNot(path: string): string | undefined
}

/** The paths of the mesh of a test file. A path of another test file means the mesh of that file. */
export function meshPathsOf(file: string, testFile: TestFile, files: MeshFiles): MeshPaths {
  const problems: TestFileProblem[] = []
  const paths = testFile.mesh.flatMap(({ path, range }) => {
    const found = pathsAt(absolute(file, path), [file], files)
    if (typeof found !== 'string') return found
    problems.push({ message: found, range })
    return []
  })
  if (problems.length > 0) return { paths: [], problems }
  return {
    paths: testFile.mesh.length === 0 ? [rooted(folderOf(file))] : [...new Set(paths)],
    problems,
  }
}

/** The paths, or a problem. */
function pathsAt(
  path: string,
  through: readonly string[],
  files: MeshFiles,
): readonly string[] | string {
  if (!isTestFile(path)) {
    const why = files.whyNot(path)
    return why === undefined ? [path] : `The path ${path} of the mesh ${why}.`
  }
  if (through.includes(path))
    return `The mesh is cyclic: ${[...through.slice(through.indexOf(path)), path].map(fileName).join(' → ')}.`
  const text = files.text(path)
  if (text === undefined) return `The test file ${quoted(fileName(path))} cannot be read.`
  const { mesh } = readTestFile(text).testFile
  if (mesh.length === 0) return [rooted(folderOf(path))]
  const found: string[] = []
  for (const next of mesh) {
    const below = pathsAt(absolute(path, next.path), [...through, path], files)
    if (typeof below === 'string') return below
    found.push(...below)
  }
  return found
}

function absolute(file: string, path: string): string {
  return path.startsWith('/') ? path : rooted(joinPath(folderOf(file), path))
}

function rooted(folder: string): string {
  return folder === '' ? '/' : folder
}

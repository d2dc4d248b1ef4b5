/** The last part of a file name, which is a path with `/` or a URI. */
export function fileName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1)
}

/** The folder of a file, without a slash at the end; `''` for a bare name. */
export function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')))
}

/** The folder that contains a folder; undefined for the outermost. */
export function parentOf(folder: string): string | undefined {
  return folder === '' ? undefined : folderOf(folder)
}

/** `relative` resolved from `folder`. */
export function joinPath(folder: string, relative: string): string {
  const parts = folder === '' ? [] : folder.split('/')
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

export function isInside(file: string, folder: string): boolean {
  return folder === '' || file === folder || file.startsWith(`${folder}/`)
}

/**
 * Whether a file is in a folder of examples or profiles of an unpacked release of Istio, or of a copy
 * of its repository. What it installs is installed in no cluster.
 */
export function isExampleInstall(file: string): boolean {
  return (
    /(?:^|\/)(?:manifests\/(?:examples|profiles)|samples\/ambient-argo)\//.test(file) ||
    /(?:^|\/)istio-\d+\.\d+[^/]*\/(?:manifests|samples|tests?|tools)\//.test(file)
  )
}

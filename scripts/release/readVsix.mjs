// The files of an extension's package.
import { promisify } from 'node:util'
import { buffer } from 'node:stream/consumers'
import yauzl from 'yauzl'

const FOLDER = 'extension/'

/**
 * The files of a `.vsix` below `extension/`, by their paths.
 *
 * @param {string} path
 * @returns {Promise<Map<string, Buffer>>}
 */
export async function readVsix(path) {
  const zip = await promisify(yauzl.open)(path, { lazyEntries: true, autoClose: false })
  const open = promisify(zip.openReadStream.bind(zip))
  const files = new Map()
  try {
    await new Promise((resolve, reject) => {
      zip.on('entry', (entry) => {
        const { fileName } = entry
        if (!fileName.startsWith(FOLDER) || fileName.endsWith('/')) zip.readEntry()
        else
          open(entry)
            .then(buffer)
            .then((content) => {
              files.set(fileName.slice(FOLDER.length), content)
              zip.readEntry()
            })
            .catch(reject)
      })
      zip.on('end', resolve)
      zip.on('error', reject)
      zip.readEntry()
    })
  } finally {
    zip.close()
  }
  return files
}

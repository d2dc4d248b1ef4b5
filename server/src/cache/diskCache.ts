import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Cache } from './cache.js'
import { isSafeFolder } from './safeFolder.js'

/** Changes if the form of the files changes. */
const FORMAT = 1
const ENTRY = '.entry'
const TEMPORARY = '.tmp'
const DIGEST_LENGTH = 64
const MAX_ENTRY_BYTES = 100_000_000
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The limits of a cache on disk. */
export interface CacheLimits {
  readonly bytes: number
  readonly days: number
}

const DEFAULT_LIMITS: CacheLimits = { bytes: 250_000_000, days: 30 }

/**
 * Keeps each text in a file of its own, with a checksum. Only this user can read the files. Two processes can use one
 * folder: a file is renamed after it is complete. The name of a file is a hash of the key and of the program, so other
 * versions of the program have other files.
 */
export class DiskCache implements Cache {
  readonly #folder: string
  readonly #program: string
  readonly #limits: CacheLimits

  /**
   * @param folder absolute. It is created with the first text.
   * @param program different for each version of the program.
   */
  constructor(folder: string, program: string, limits = DEFAULT_LIMITS) {
    this.#folder = folder
    this.#program = program
    this.#limits = limits
  }

  get(key: string): string | undefined {
    const file = this.#fileOf(key)
    return orUndefined(() => {
      const bytes = isSafeFolder(this.#folder) ? readEntry(file) : undefined
      if (!bytes) return undefined
      const body = bytes.subarray(DIGEST_LENGTH)
      if (bytes.toString('latin1', 0, DIGEST_LENGTH) !== digestOf(body)) return undefined
      return body.toString('utf8')
    })
  }

  put(key: string, text: string): void {
    const body = Buffer.from(text)
    if (body.length > MAX_ENTRY_BYTES - DIGEST_LENGTH) return
    orUndefined(() => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      if (!isSafeFolder(this.#folder)) return
      const temporary = join(this.#folder, `${randomBytes(8).toString('hex')}${TEMPORARY}`)
      try {
        writeFileSync(temporary, Buffer.concat([Buffer.from(digestOf(body)), body]), {
          flag: 'wx',
          mode: 0o600,
        })
        renameSync(temporary, this.#fileOf(key))
      } catch {
        remove(temporary)
      }
    })
  }

  hash(text: string): string {
    return digestOf(text)
  }

  prune(): void {
    orUndefined(() => {
      if (!isSafeFolder(this.#folder)) return
      const now = Date.now()
      let left = this.#limits.bytes
      for (const { file, size, age } of this.#files(now).sort((a, b) => a.age - b.age)) {
        left -= size
        const limit = file.endsWith(TEMPORARY) ? HOUR : this.#limits.days * DAY
        if (age > limit || left < 0) remove(file)
      }
    })
  }

  #fileOf(key: string): string {
    return join(this.#folder, `${digestOf(`${FORMAT}\0${this.#program}\0${key}`)}${ENTRY}`)
  }

  #files(now: number): { readonly file: string; readonly size: number; readonly age: number }[] {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith(ENTRY) || name.endsWith(TEMPORARY))
      .flatMap((name) => {
        const file = join(this.#folder, name)
        const stats = orUndefined(() => lstatSync(file))
        return stats?.isFile() === true
          ? [{ file, size: stats.size, age: now - stats.mtimeMs }]
          : []
      })
  }
}

/** Opens without waiting, and no symbolic link. Windows has neither flag. */
const OPEN_REGULAR_FILE =
  constants.O_RDONLY | flagOf(constants.O_NONBLOCK) | flagOf(constants.O_NOFOLLOW)

function flagOf(flag: number | undefined): number {
  return flag ?? 0
}

function readEntry(file: string): Buffer | undefined {
  const descriptor = openSync(file, OPEN_REGULAR_FILE)
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile() || stats.size < DIGEST_LENGTH || stats.size > MAX_ENTRY_BYTES)
      return undefined
    const bytes = readFileSync(descriptor)
    const now = new Date()
    // `prune` deletes the files first that were not used for the longest time.
    if (now.getTime() - stats.mtimeMs > DAY) markUsed(file, now)
    return bytes
  } finally {
    closeSync(descriptor)
  }
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

function markUsed(file: string, now: Date): void {
  orUndefined(() => {
    utimesSync(file, now, now)
  })
}

function remove(file: string): void {
  orUndefined(() => {
    unlinkSync(file)
  })
}

/** The result of work with files; undefined if it fails. */
function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

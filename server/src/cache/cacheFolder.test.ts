import { expect, it } from 'vitest'
import { cacheFolder } from './cacheFolder.js'

it.each<[NodeJS.Platform, Record<string, string>, string | undefined]>([
  ['linux', {}, '/home/ann/.cache/ambient-policy'],
  ['linux', { XDG_CACHE_HOME: '/fast' }, '/fast/ambient-policy'],
  // The folder would depend on the working directory.
  ['linux', { XDG_CACHE_HOME: 'here' }, '/home/ann/.cache/ambient-policy'],
  ['linux', { XDG_CACHE_HOME: '' }, '/home/ann/.cache/ambient-policy'],
  ['darwin', {}, '/home/ann/Library/Caches/ambient-policy'],
  ['win32', { LOCALAPPDATA: 'C:\\Users\\ann' }, 'C:\\Users\\ann\\ambient-policy'],
  ['win32', {}, undefined],
])('the cache of %s with %j is %s', (platform, env, expected) => {
  expect(cacheFolder({ platform, env, home: '/home/ann' })).toBe(expected)
})

it('a user without a home folder has no cache', () => {
  expect(cacheFolder({ platform: 'linux', env: {}, home: '' })).toBeUndefined()
})

import { describe, expect, it } from 'vitest'
import { TookTooLong, WITHOUT_LIMIT } from '../deadline.js'
import { Scheduler, type FileWork } from './scheduler.js'

function recorder(work: Partial<FileWork> = {}) {
  const done: string[] = []
  const scheduler = new Scheduler({
    urgent: () => [],
    read: (file) => done.push(`read ${file}`),
    allRead: () => [],
    check: () => [].values(),
    publish: (file) => {
      done.push(`publish ${file}`)
      return true
    },
    failed: (file, error) => done.push(`failed ${file}: ${String(error)}`),
    tookTooLong: (file) => done.push(`too long ${String(file)}`),
    runWithinLimit: WITHOUT_LIMIT,
    ...work,
  })
  return { done, scheduler }
}

describe('Scheduler', () => {
  it('a file that is marked several times is published once', async () => {
    const { done, scheduler } = recorder()
    scheduler.markDirty(['a', 'b'])
    scheduler.markDirty(['a'])
    await scheduler.idle()
    expect(done).toEqual(['publish a', 'publish b'])
  })

  it('all files are read before one is published, and open files come first', async () => {
    const { done, scheduler } = recorder({ urgent: () => ['c'] })
    scheduler.markDirty(['a', 'b', 'c'])
    scheduler.markUnread(['b', 'c'])
    await scheduler.idle()
    expect(done).toEqual(['read c', 'read b', 'publish c', 'publish a', 'publish b'])
  })

  it('work that needs all files is done once, after all files are read', async () => {
    const waiting = [['c'], []]
    const { done, scheduler } = recorder({ allRead: () => waiting.shift() ?? [] })
    scheduler.markUnread(['a', 'b'])
    await scheduler.idle()
    expect(done).toEqual(['read a', 'read b', 'publish c'])
  })

  it('a file is pending until it is published', async () => {
    const seen: boolean[] = []
    const { scheduler } = recorder({
      publish: (file) => {
        seen.push(scheduler.isPending(file))
        return true
      },
    })
    scheduler.markDirty(['a'])
    await scheduler.idle()
    expect(seen).toEqual([true])
    expect(scheduler.isPending('a')).toBe(false)
  })

  it('files that cannot be published yet wait for release', async () => {
    let ready = false
    const { done, scheduler } = recorder({
      publish: (file) => {
        if (ready) done.push(file)
        return ready
      },
    })
    scheduler.markDirty(['a', 'b'])
    await scheduler.idle()
    expect([done, scheduler.isPending('a')]).toEqual([[], true])
    ready = true
    scheduler.release()
    await scheduler.idle()
    expect([done, scheduler.isPending('a')]).toEqual([['a', 'b'], false])
  })

  it('a file with an error is reported, and the others are published', async () => {
    const { done, scheduler } = recorder({
      publish: (file) => {
        if (file === 'a') throw new Error('broken')
        done.push(file)
        return true
      },
    })
    scheduler.markDirty(['a', 'b'])
    await scheduler.idle()
    expect(done).toEqual(['failed a: Error: broken', 'b'])
  })

  it('a file is checked in steps, and starts again if an open file comes first', async () => {
    const open: string[] = []
    const { done, scheduler } = recorder({
      urgent: () => open,
      *check(file) {
        for (const part of [1, 2]) {
          done.push(`check ${file} ${part}`)
          if (file === 'a' && part === 1 && open.length === 0) {
            open.push('b')
            scheduler.markDirty(['b'])
          }
          yield
        }
      },
    })
    scheduler.markDirty(['a'])
    await scheduler.idle()
    expect(done).toEqual([
      'check a 1',
      'check b 1',
      'check b 2',
      'publish b',
      'check a 1',
      'check a 2',
      'publish a',
    ])
  })

  it('the check of a file starts again if a file is read between two steps', async () => {
    const { done, scheduler } = recorder({
      *check(file) {
        done.push(`check ${file}`)
        if (done.length === 2) scheduler.markUnread(['b'])
        yield
      },
      allRead: () => {
        done.push('all read')
        return []
      },
    })
    scheduler.markDirty(['a'])
    await scheduler.idle()
    expect(done.slice(1)).toEqual([
      'check a',
      'read b',
      'all read',
      'check a',
      'publish a',
      'all read',
    ])
  })

  it('an error in the check of a file is reported once', async () => {
    const fail = (file: string): never => {
      throw new Error(`no ${file}`)
    }
    const { done, scheduler } = recorder({ check: fail, publish: fail })
    scheduler.markDirty(['a'])
    await scheduler.idle()
    expect(done).toEqual(['failed a: Error: no a'])
  })

  it('other events are handled between the slices', async () => {
    const order: string[] = []
    const { scheduler } = recorder({
      publish: (file) => {
        const end = performance.now() + 10
        while (performance.now() < end);
        order.push(file)
        return true
      },
    })
    scheduler.markDirty(['a', 'b', 'c'])
    setImmediate(() => setImmediate(() => order.push('message')))
    await scheduler.idle()
    expect(order).toEqual(['a', 'b', 'message', 'c'])
  })

  it('a file whose work does not end is left out, and the work on the others continues', async () => {
    const { done, scheduler } = recorder({
      publish: (file) => {
        if (file === 'b') throw new TookTooLong()
        done.push(`publish ${file}`)
        return true
      },
      read: (file) => {
        if (file === 'd') throw new TookTooLong()
      },
    })
    scheduler.markUnread(['d', 'e'])
    scheduler.markDirty(['a', 'b', 'c'])
    await scheduler.idle()
    expect(done).toEqual(['too long d', 'publish a', 'too long b', 'publish c'])
    expect(['a', 'b', 'c', 'd', 'e'].filter((file) => scheduler.isPending(file))).toEqual([])
  })
})

import type { FieldPath } from '../node.js'
import {
  isFilled,
  isList,
  isObject,
  nestBelow,
  withKey,
  type Operation,
  type PlainObject,
  type PlainValue,
} from './operation.js'

/** Applies an operation to a copy of plain data; undefined if that is not possible. */
export function applyToPlain(root: PlainValue, operation: Operation): PlainValue | undefined {
  switch (operation.op) {
    case 'set':
      return changeAt(root, operation.path, { change: () => operation.value, make: true })
    case 'append':
      if (operation.values.length === 0) return root
      return changeAt(root, operation.path, {
        change: (old) =>
          isList(old) ? [...old, ...operation.values] : old === null ? operation.values : undefined,
        make: true,
      })
    case 'remove': {
      const target = outermostRemovable(root, operation.path)
      return target && removeAt(root, target)
    }
    case 'rename': {
      const { path, to } = operation
      const from = String(path.at(-1))
      return changeAt(root, path.slice(0, -1), {
        change: (old) => {
          if (
            path.length === 0 ||
            !isObject(old) ||
            !Object.hasOwn(old, from) ||
            Object.hasOwn(old, to)
          )
            return undefined
          return Object.fromEntries(
            Object.entries(old).map(([key, value]) => [key === from ? to : key, value]),
          )
        },
      })
    }
    case 'comment':
    case 'delete-lines':
      return root
  }
}

/** The value at a path; undefined if it does not exist. */
export function plainAt(root: PlainValue, path: FieldPath): PlainValue | undefined {
  return path.reduce<PlainValue | undefined>(
    (value, segment) => (value === undefined ? undefined : childOf(value, segment)),
    root,
  )
}

/**
 * The outermost field that contains nothing but the field at `path`; undefined if the field is
 * absent or is all there is.
 */
export function outermostRemovable(root: PlainValue, path: FieldPath): FieldPath | undefined {
  if (path.length === 0 || plainAt(root, path) === undefined) return undefined
  const parent = plainAt(root, path.slice(0, -1))
  return parent !== undefined && sizeOf(parent) === 1
    ? outermostRemovable(root, path.slice(0, -1))
    : path
}

/** Whether plain data is equal. The order of keys does not matter. */
export function isSameData(a: PlainValue, b: PlainValue): boolean {
  if (isList(a))
    return (
      isList(b) &&
      a.length === b.length &&
      a.every((item, index) => isSameData(item, b[index] ?? null))
    )
  if (!isObject(a)) return Object.is(a, b)
  if (!isObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSameData(a[key] ?? null, b[key] ?? null))
  )
}

function sizeOf(value: PlainValue): number {
  return isFilled(value) ? Object.keys(value).length : 0
}

function childOf(value: PlainValue, segment: string | number): PlainValue | undefined {
  if (isList(value)) return typeof segment === 'number' ? value[segment] : undefined
  return isObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined
}

interface Change {
  readonly change: (old: PlainValue) => PlainValue | undefined
  /** Create missing parents. */
  readonly make?: boolean
}

function changeAt(value: PlainValue, path: FieldPath, how: Change): PlainValue | undefined {
  const [segment, ...rest] = path
  if (segment === undefined) return how.change(value)
  const old = childOf(value, segment)
  if (old === undefined) {
    if (how.make !== true || typeof segment === 'number' || !(isObject(value) || value === null))
      return undefined
    const made = how.change(null)
    const nested = made === undefined ? undefined : nestBelow(rest, made)
    return nested === undefined ? undefined : withKey(value ?? {}, segment, nested)
  }
  const changed = changeAt(old, rest, how)
  return changed === undefined ? undefined : withChild(value, segment, changed)
}

function withChild(value: PlainValue, segment: string | number, child: PlainValue): PlainValue {
  if (isList(value)) return value.map((item, index) => (index === segment ? child : item))
  return withKey(isObject(value) ? value : {}, String(segment), child)
}

function removeAt(value: PlainValue, path: FieldPath): PlainValue | undefined {
  const last = path.at(-1)
  return changeAt(value, path.slice(0, -1), {
    change: (parent) => {
      if (isList(parent)) return parent.filter((_, index) => index !== last)
      return isObject(parent) ? withoutKey(parent, String(last)) : undefined
    },
  })
}

function withoutKey(object: PlainObject, key: string): PlainObject {
  return Object.fromEntries(Object.entries(object).filter(([other]) => other !== key))
}

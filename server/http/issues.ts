import { z } from 'zod'
import { AppError } from '../errors.ts'

const { localeError: inChinese } = z.locales.zhCN()
const { localeError: inEnglish } = z.locales.en()

/** What is wrong with a value by a schema, each with its place, in Chinese and then in English; empty where nothing is. */
export function issuesOf(schema: z.ZodType, value: unknown, where?: string): { path: string; message: string }[] {
  const english = schema.safeParse(value, { error: inEnglish }).error?.issues ?? []
  const chinese = schema.safeParse(value, { error: inChinese }).error?.issues ?? []
  return english.map(({ path, message }, at) => {
    const zh = chinese[at]?.message
    return { path: [...(where === undefined ? [] : [where]), ...path].join('.'), message: zh === undefined || zh === message ? message : `${zh}。${message}` }
  })
}

const PARTS: Readonly<Record<string, string>> = { params: '地址', query: '查询条件', body: '内容' }

/** A request of which a part cannot be used. */
export function badRequest(schema: z.ZodType, value: unknown, where: string): AppError {
  return new AppError('bad_request', `请求的${PARTS[where] ?? where}有误，请按各项说明修改。The request's ${where} cannot be used; see errors.`, { errors: issuesOf(schema, value, where) })
}

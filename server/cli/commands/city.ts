import { SYSTEM } from '../../access/principal.ts'
import { createCity, getCity, listCities } from '../../cities/cities.ts'
import type { CityRow } from '../../cities/cities.ts'
import { type Command, type CommandIo, UsageError } from '../command.ts'
import { writeDefaultCity } from '../default-city.ts'
import { readOptions, required } from '../options.ts'

const EPSG = /^(?:EPSG:)?(\d{4,6})$/i

/** What the command line tells of a city: everything but its inner number. */
function describe({ cityId: _inner, ...city }: CityRow) {
  return city
}

function line(city: CityRow): string {
  const measured = city.measureFrom === 'unsettled' ? '由首批数据确定 settled by the first data' : `EPSG:${city.measureSrid} ${city.measureName}`
  return `${city.key}  ${city.nameZh} ${city.nameEn}${city.isDemo ? '  合成演示数据 synthetic demo data' : ''}  ${measured}`
}

export const cityCommand: Command = {
  name: 'city',
  summary: '城市：列出、新建、查看、设为默认  Cities: list, create, show, use',
  usage: [
    'city list',
    'city create KEY --name-zh 名称 --name-en NAME [--measure-crs EPSG:n] [--time-zone Asia/Shanghai]',
    '    KEY 1 至 40 个小写字母、数字、连字符，以字母开头。未给 --measure-crs 时，量算坐标系由首批数据的中心确定：',
    '    中国范围内取 CGCS2000 三度带，其他地方取 UTM。',
    '    Without --measure-crs the centre of the first data decides: the CGCS2000 3° zone inside China, UTM elsewhere.',
    'city show KEY',
    'city use KEY    其后未写 --city 的命令都指这座城市  The city meant by later commands without --city',
  ].join('\n'),
  async run(args, context, io) {
    const { values, positionals } = readOptions(args, {
      'name-zh': { type: 'string' },
      'name-en': { type: 'string' },
      'measure-crs': { type: 'string' },
      'time-zone': { type: 'string' },
    })
    const [verb, key, ...more] = positionals
    if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many`)
    if (verb === 'list') {
      const cities = await listCities(context.db)
      for (const city of cities) io.print(line(city))
      if (cities.length === 0) io.print('还没有城市。 There is no city yet.')
      return { cities: cities.map(describe) }
    }
    if (verb === 'create') {
      const crs = values['measure-crs']
      const srid = crs === undefined ? undefined : EPSG.exec(crs)?.[1]
      if (crs !== undefined && srid === undefined) throw new UsageError(`--measure-crs takes EPSG:n, not "${crs}"`)
      const city = await createCity(context, SYSTEM, {
        key: required(key, 'KEY'),
        nameZh: required(values['name-zh'], '--name-zh'),
        nameEn: required(values['name-en'], '--name-en'),
        ...(srid === undefined ? {} : { measureSrid: Number(srid) }),
        timeZone: values['time-zone'] ?? 'Asia/Shanghai',
      })
      io.print(`已新建 created: ${line(city)}`)
      return describe(city)
    }
    if (verb === 'show' || verb === 'use') return showOrUse(verb, await getCity(context.db, required(key, 'KEY')), context.config, io)
    throw new UsageError(verb ? `city has no "${verb}"` : 'say what to do: list, create, show or use')
  },
}

function showOrUse(verb: 'show' | 'use', city: CityRow, config: Parameters<typeof writeDefaultCity>[0], io: CommandIo) {
  if (verb === 'use') {
    writeDefaultCity(config, city.key)
    io.print(`默认城市 default city: ${line(city)}`)
  } else for (const [name, value] of Object.entries(describe(city))) io.print(`${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
  return describe(city)
}

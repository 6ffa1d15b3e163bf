/** Names by rule: roots that real towns use, joined to what they name. Invented places; no list of a real city was copied. */
import type { Random } from './random.ts'

/** Root and its romanisation. */
const ROOTS = `建设 Jianshe,解放 Jiefang,和平 Heping,文化 Wenhua,新华 Xinhua,光明 Guangming,胜利 Shengli,团结 Tuanjie,友谊 Youyi,青年 Qingnian,朝阳 Chaoyang,东风 Dongfeng,红星 Hongxing,前进 Qianjin,工农 Gongnong,民主 Minzhu,幸福 Xingfu,健康 Jiankang,体育 Tiyu,科技 Keji,学院 Xueyuan,师范 Shifan,文昌 Wenchang,文庙 Wenmiao,贡院 Gongyuan,书院 Shuyuan,鼓楼 Gulou,钟楼 Zhonglou,城隍 Chenghuang,东门 Dongmen,西门 Ximen,南门 Nanmen,北门 Beimen,水关 Shuiguan,金水 Jinshui,玉带 Yudai,龙泉 Longquan,凤鸣 Fengming,麒麟 Qilin,白鹤 Baihe,青云 Qingyun,紫薇 Ziwei,丹桂 Dangui,梅园 Meiyuan,兰亭 Lanting,竹林 Zhulin,菊香 Juxiang,荷塘 Hetang,桃源 Taoyuan,柳荫 Liuyin,松涛 Songtao,梧桐 Wutong,银杏 Yinxing,香樟 Xiangzhang,枫林 Fenglin,海棠 Haitang,芙蓉 Furong,玉兰 Yulan,石榴 Shiliu,桑园 Sangyuan,织机 Zhiji,锦绣 Jinxiu,云锦 Yunjin,缂丝 Kesi,染坊 Ranfang,布政 Buzheng,米市 Mishi,盐仓 Yancang,茶亭 Chating,油坊 Youfang,铁匠 Tiejiang,银匠 Yinjiang,估衣 Guyi,粮道 Liangdao,马道 Madao,箭道 Jiandao,校场 Jiaochang,状元 Zhuangyuan,进士 Jinshi,尚书 Shangshu,御史 Yushi,仓桥 Cangqiao,石桥 Shiqiao,虹桥 Hongqiao,渡口 Dukou,码头 Matou,沙洲 Shazhou,芦荡 Ludang,鸥鹭 Oulu,渔浦 Yupu,望江 Wangjiang,听涛 Tingtao,观澜 Guanlan,澄江 Chengjiang,清溪 Qingxi,秀水 Xiushui,月湖 Yuehu,镜湖 Jinghu,东湖 Donghu,平湖 Pinghu,双溪 Shuangxi,大泽 Daze,云岭 Yunling,翠屏 Cuiping,鹿鸣 Luming,虎丘岭 Huqiuling,卧龙 Wolong,牛首坡 Niushoupo,望岳 Wangyue,登云 Dengyun,栖霞里 Qixiali,苍梧 Cangwu,昌平里 Changpingli,永安 Yongan,长乐 Changle,太平 Taiping,兴隆 Xinglong,万寿 Wanshou,仁和 Renhe,义兴 Yixing,礼贤 Lixian,智远 Zhiyuan,信诚 Xincheng,忠孝 Zhongxiao,崇德 Chongde,明德 Mingde,弘毅 Hongyi,博学 Boxue,致远 Zhiyuan Hill,求是 Qiushi,创新 Chuangxin,创业 Chuangye,智慧 Zhihui,未来 Weilai,星河 Xinghe,银河 Yinhe,天枢 Tianshu,开阳 Kaiyang,瑶光 Yaoguang,云帆 Yunfan,远航 Yuanhang,腾飞 Tengfei,振兴 Zhenxing,富强 Fuqiang,工业 Gongye,纺织 Fangzhi,机械 Jixie,电子 Dianzi,化工 Huagong,冶金 Yejin,钢花 Ganghua,车城 Checheng,物流 Wuliu,港务 Gangwu,站前 Zhanqian,站东 Zhandong,机务 Jiwu,货场 Huochang,迎春 Yingchun,金秋 Jinqiu,瑞雪 Ruixue,晨曦 Chenxi,晚晴 Wanqing,春晓 Chunxiao,夏荷 Xiahe,秋实 Qiushi Grain,丰收 Fengshou,农科 Nongke,园艺 Yuanyi,花圃 Huapu,果园 Guoyuan,稻香 Daoxiang,麦浪 Mailang,杏花 Xinghua Village,樱桃 Yingtao,葡萄 Putao,枇杷 Pipa,杨梅 Yangmei,橘园 Juyuan,安居 Anju,惠民 Huimin,利民 Limin,康宁 Kangning,福寿 Fushou,如意 Ruyi,吉祥 Jixiang,平安 Pingan,丰泽 Fengze,润泽 Runze,金沙 Jinsha,银滩 Yintan,白沙 Baisha,青石 Qingshi,黄土坡 Huangtupo,赤壁巷 Chibixiang,紫阳 Ziyang,碧波 Bibo,蓝湾 Lanwan`
  .split(',')
  .map((entry): readonly [string, string] => {
    const space = entry.indexOf(' ')
    return [entry.slice(0, space), entry.slice(space + 1)]
  })

const SUFFIXES = { arterial: ['大道', 'Avenue'], secondary: ['路', 'Road'], local: ['路', 'Road'], street: ['街', 'Street'], lane: ['巷', 'Lane'] } as const
const PLACES: readonly (readonly [string, string])[] = [['', ''], ['东', 'East '], ['西', 'West '], ['南', 'South '], ['北', 'North '], ['一', '1st '], ['二', '2nd '], ['三', '3rd '], ['四', '4th '], ['五', '5th ']]

/** Gives street names, never the same twice: plain roots first, then roots with a direction or a number. */
export class StreetNames {
  readonly #order: (readonly [string, string])[]
  readonly #used = new Set<string>()
  #next = 0

  constructor(random: Random) {
    this.#order = random.shuffle(ROOTS)
  }

  next(kind: keyof typeof SUFFIXES): { name: string; nameEn: string } {
    const [suffix, suffixEn] = SUFFIXES[kind]
    for (;;) {
      const index = this.#next++
      const [root, rootEn] = this.#order[index % this.#order.length]!
      const turn = Math.floor(index / this.#order.length)
      const [place, placeEn] = PLACES[turn % PLACES.length]!
      const more = Math.floor(turn / PLACES.length)
      const extra = more > 0 ? `${more + 1}` : ''
      const name = `${root}${place}${extra}${suffix}`
      if (this.#used.has(name)) continue
      this.#used.add(name)
      return { name, nameEn: `${rootEn} ${placeEn}${extra ? `${extra} ` : ''}${suffixEn}` }
    }
  }
}

/** Distinct roots for communities and small parks. */
export function placeNames(random: Random, count: number): string[] {
  const roots = random.shuffle(ROOTS).map(([name]) => name)
  const more = ['新', '东', '西', '南', '北', '上', '下'].flatMap((prefix) => roots.map((root) => `${prefix}${root}`))
  return [...roots, ...more].slice(0, count)
}

export const COUNTY_NAMES = ['绣城区', '东津区', '江南区'] as const
export const STREET_NAMES = [
  ['鼓楼街道', '文昌街道', '西苑街道', '绣岭街道', '站前街道'],
  ['月湖街道', '迎宾街道', '东津街道', '新港街道'],
  ['南湖街道', '兰圃街道', '纺城街道'],
] as const

const ESTATE_FIRST = ['锦绣', '金桂', '翠湖', '丽景', '阳光', '世纪', '东方', '香榭', '碧水', '云顶', '天悦', '御景', '和谐', '盛世', '保利湾', '凤凰', '紫金', '学府', '书香', '江畔', '滨江', '望湖', '绿地', '春江', '枫丹', '星海', '江南', '水岸', '龙湖湾', '中央', '嘉禾', '华庭', '康桥', '汇景', '银都', '金域', '南山', '雅居', '名仕', '怡景', '静安', '富丽', '九龙', '万和', '泰和', '新城', '大唐', '清华坊', '北辰', '观山', '山水', '四季', '桃花', '兰台', '牡丹', '水木', '半岛', '尚品', '檀香', '橡树']
const ESTATE_LAST = { tower: ['府', '公馆', '名邸', '国际', '中心', '天境', '花园', '城', '华府', '壹号院'], slab: ['花园', '小区', '苑', '家园', '佳苑', '新村', '雅苑', '名苑', '嘉园', '庭'], old: ['里', '坊', '巷', '弄', '胡同', '大院'], works: ['宿舍', '职工新村', '家属院', '工房'] } as const
const WORKS = ['第一棉纺厂', '第二棉纺厂', '丝绸厂', '印染厂', '机床厂', '轴承厂', '化肥厂', '水泥厂', '铁路局', '港务局', '纺织机械厂', '电机厂', '造船厂', '搪瓷厂', '毛巾厂', '汽配厂']

/** Names of residential compounds, never the same twice. */
export class EstateNames {
  readonly #random: Random
  readonly #used = new Map<string, number>()

  constructor(random: Random) {
    this.#random = random
  }

  next(kind: keyof typeof ESTATE_LAST, root: string): string {
    const first = kind === 'works' ? this.#random.pick(WORKS) : kind === 'old' ? root : this.#random.pick(ESTATE_FIRST)
    const name = `${first}${this.#random.pick(ESTATE_LAST[kind])}`
    const times = this.#used.get(name) ?? 0
    this.#used.set(name, times + 1)
    return times === 0 ? name : `${name}${['二', '三', '四', '五', '六', '七', '八', '九'][times - 1] ?? times + 1}期`
  }
}

const FAMILY = '王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤'
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建文玉春燕红梅志国海波宁鹏飞云莉丹萍鑫斌宇浩凯健俊帆雪琳璐晨阳佳欣怡子轩雨桐思远'

/** An invented person's name. */
export function personName(random: Random): string {
  const family = FAMILY[random.integer(0, FAMILY.length - 1)]!
  const first = GIVEN[random.integer(0, GIVEN.length - 1)]!
  return random.chance(0.35) ? `${family}${first}` : `${family}${first}${GIVEN[random.integer(0, GIVEN.length - 1)]!}`
}

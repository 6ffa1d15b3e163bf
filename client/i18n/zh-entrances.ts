/** Words of the gates of green spaces. */
export const zhEntrances = {
  entrances: {
    title: '出入口', onRecord: '已登记，步行口径从这里量起；不再另找。', found: '尚未登记，由路网找出；改动任何一个即全部登记。', none: '没有出入口：周边没有道路与边界相接，步行口径不计入。', numbered: '出入口 {n}',
    methods: { given: '来源给出', derived: '由路网找出后登记', edited: '人工', crossing: '道路与边界相交处', open_edge: '开放边界' },
    add: '添出入口', pick: '在图上单击边界…', end: '去掉', takeBack: '放回刚去掉的', cut: '只列出前 {n} 个',
  },
}

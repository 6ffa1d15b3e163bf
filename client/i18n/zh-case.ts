/** Words of saved filters, evidence, duplicates, facts of a place and the key of the map in Chinese; en-case.ts has the same keys. */
export const zhCase = {
  savedFilters: {
    title: '常用筛选', save: '保存当前筛选', none: '把常用的条件存下来，下次一点就到。', edit: '修改“{name}”', editTitle: '修改常用筛选', saveTitle: '保存当前筛选', name: '名称', share: '谁能看到', shares: { own: '仅自己', organisation: '本单位', city: '全市' }, by: '{name} 保存', holds: '保存的条件', noConditions: '没有其他条件', repoint: '改为当前的条件', remove: '删除', removeSure: '确定删除', saved: '已保存“{name}”', changed: '“{name}”已修改', removed: '“{name}”已删除', signIn: '保存筛选须先登录', failed: '常用筛选没有取到', stale: '别处刚刚修改过，已换成最新内容，请再看一遍。', store: '保存', order: '排序', applied: '正在使用',
  },
}

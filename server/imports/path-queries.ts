import type { Queryable } from '../db/db.ts'
import { sql } from '../db/sql.ts'

/** Nodes of the staged edges: where an edge begins and ends, once per key. A node that moved follows. */
export async function upsertStageNodes(tx: Queryable, { cityId, layerId }: { cityId: number; layerId: number }): Promise<void> {
  await tx.query(sql`
    insert into path_nodes (public_id, city_id, layer_id, source_key, geom)
    select gen_random_uuid(), ${cityId}::bigint, ${layerId}::bigint, node.key, node.geom
    from (
      select distinct on (ends.key) ends.key, ends.geom from (
        select fields ->> 'source_node' as key, st_startpoint(st_geometryn(geom, 1)) as geom, ordinal from import_stage
        union all
        select fields ->> 'target_node', st_endpoint(st_geometryn(geom, 1)), ordinal from import_stage
      ) ends where ends.key is not null and ends.geom is not null order by ends.key, ends.ordinal
    ) node
    on conflict (layer_id, source_key) do update set geom = excluded.geom where not st_equals(path_nodes.geom, excluded.geom)`)
  await tx.query(sql`analyze path_nodes (layer_id, source_key)`)
}

/** Writes the ids of the nodes, and a given length, into the staged edges. */
export async function linkStageNodes(tx: Queryable, layerId: number): Promise<void> {
  await tx.query(sql`
    update import_stage s set
      fields = s.fields || jsonb_build_object('source_node_id', source.id, 'target_node_id', target.id),
      measure = coalesce((s.fields ->> 'length_meters')::float8, s.measure)
    from path_nodes source, path_nodes target
    where source.layer_id = ${layerId} and source.source_key = s.fields ->> 'source_node' and target.layer_id = ${layerId} and target.source_key = s.fields ->> 'target_node'`)
}

export async function findNetworkTotals(tx: Queryable, layerId: number): Promise<{ edges: number; nodes: number; meters: number }> {
  const rows = await tx.query<{ edges: number; nodes: number; meters: number }>(sql`
    select (select count(*)::int from path_edges where layer_id = ${layerId} and valid_to is null) as edges,
      (select count(*)::int from (select source_node_id from path_edges where layer_id = ${layerId} and valid_to is null union select target_node_id from path_edges where layer_id = ${layerId} and valid_to is null) used) as nodes,
      (select coalesce(sum(length_meters), 0) from path_edges where layer_id = ${layerId} and valid_to is null) as meters`)
  return rows[0] ?? { edges: 0, nodes: 0, meters: 0 }
}

//! Maps whose keys are no text: JSON has none, so they stand as lists of pairs, in order.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(in crate::app) fn serialize<'a, M, K, V, S>(
    map: &'a M,
    serializer: S,
) -> Result<S::Ok, S::Error>
where
    &'a M: IntoIterator<Item = (&'a K, &'a V)>,
    K: Serialize + Ord + 'a,
    V: Serialize + 'a,
    S: Serializer,
{
    let mut pairs: Vec<(&K, &V)> = map.into_iter().collect();
    pairs.sort_by_key(|(key, _)| *key);
    serializer.collect_seq(pairs)
}

pub(in crate::app) fn deserialize<'de, M, K, V, D>(deserializer: D) -> Result<M, D::Error>
where
    M: FromIterator<(K, V)>,
    K: Deserialize<'de>,
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
}

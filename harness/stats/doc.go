// Package stats says what samples mean. All comparing is paired by round, on logarithms: [Ratio] is the geometric mean of
// cell(r)/ref(r) with its 95 % t interval, from results.MinRounds rounds on. [Resolution] is that of a twin to its original:
// what a run can tell apart. [Rank] lets neighbours share a rank when 1 is in the interval of their direct ratio.
// [OverSchemas] sums up over a fixed list of schemas with two intervals, over rounds and over schemas. [Slope] is the price
// of one more keyBy. Nothing is averaged over units, no sample is removed, and nothing here measures.
package stats

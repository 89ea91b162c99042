// Package gate says whether a change made something slower or larger: (base, head, policy) -> verdict. It is pure: no clock,
// no process. Package trial measures, and files of results serve as well for what is exact.
//
// # Time
//
// [Decide] judges one cell from u, the logarithms of head's over base's CPU time, one for each pair of processes that ran at
// once on one core. With m the 20 % trimmed mean of n of them, e its standard error, f its degrees of freedom
// ([stats.Trimmed]), h = t(f; 0.99)·e:
//
//	m - h > ln(1 + fail)                                  regression
//	m - h > ln(1 + warn)                                  warning
//	ln(1 + fail) + h + t(f; 0.80)·e > ln(1.10)            inconclusive: it could not have seen +10 %
//	otherwise                                             ok
//
// It fails only if the lower bound of the slowdown is beyond the tolerance; a wide interval is never a failure and never a
// pass. Beyond 50 cells the bound is 0.995.
//
// Note: the mean is trimmed because code layouts are no normal noise. Some benchmarks are a third slower in one link of eight,
// for where their loops lie, and all their other links agree within 1 %: by the plain mean and its deviation 250 pairs would be
// needed to see 5 % behind these, where a dozen do. The rule is that of results/gate-study.md.
//
// # Policy
//
// A [Policy] says by how much each unit may grow; of several lines that match, the last counts. An amount is in the unit
// itself, or a percentage; "-" is never. An accepted change names its reason:
//
//	# unit       fail  warn  filter (benchproc)
//	B/set        0     0     *
//	cpu-ns/op    2%    1%    *
//	cpu-ns/op    5%    2%    /op:move
//	Ir/op        -     2%    *
//	accept B/set /codec:avro  the new field "region", 6 B a record
package gate

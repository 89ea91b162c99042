package report

import (
	"io"

	"github.com/wirecost/wirecost/harness/escape"
)

// JSON writes r as one indented JSON object, for programs. Times are CPU ns, sizes bytes; what is not known is not there.
//
//	notes, gave-up      what is to be read before any number
//	header              [{key, value}]: what must be equal for two runs to be comparable
//	schemas             a table for each schema, runtime and exchange:
//	  schema, runtime, records, reference, ops, rounds, ranked-by
//	  verdict           [{of, codecs, next, text}]: of "bytes", "cpu" and "keyby" the cheapest, and those not told apart
//	  sentences         what a keyBy means at the user's rates
//	  invented          how many fields have values that nobody described, in words
//	  codecs, flink     [{codec, group, times, rank, tied, B/record, size-ratio, ops, keyby, loses}], in order of cost;
//	                    in flink, Flink's formats: times are not Flink's
//	    ops             [{op, cpu-ns, ratio, tie, allocs, B}]; cpu-ns and ratio are {center, lo, hi}, but for lo and hi
//	                    below six rounds
//	    keyby           {linear, cpu-ns or steps, each-ns, codec-ns, accounted-ns, transport-ns, wire-B, cores, warnings,
//	                    gc, allocs, B, header-B}; gc is a share
//	      parts         {encode-ns, route-ns, hand-over-ns, decode-ns, sum-ns, of-whole}: each measured without the others
//	      crossing      {cores, cpu-ns, adds-ns}: the price where records cross from core to core, and what that adds
//	  ties              [{rank, codecs, apart: [{op, ahead, of}]}]: what tells codecs of one rank apart
//	  unranked          codecs that failed, so that ranks are among the others
//	  exchange          {kind, key, keybys, framing-B, hash-ns, overhead-ns, rounds, partitioner, other-key, keys, parallelism,
//	                    max-parallelism, route, sink}
//	    route           {schema, busiest, away}: of the first exchange and the next one the share of the records that the
//	                    subtask with most of them gets, and the share that goes to a subtask of another number
//	    sink            {schema, partitions, least, most}: what a subtask has of the partitions of a sink behind a keyBy
//	  missing           [{codec, what, kind, failed, reason}]: rows without numbers, of the kind failed, not-carried or
//	                    unmeasured
//	  resolution        [{what, spread}]: what the run tells apart, 0.02 is ±2 %
//	sweeps              [{of, points, codecs, flink}]: how a price grows with the "record size" or the "distinct records";
//	                    points are [{schema, records, B}], codecs [{codec, keyby-ns}] with a price for each point, or null
//	footer              machine, program, libraries, records, noise, resolution in words, the command and the evidence
//
// Names and reasons are whole, however long; what a terminal would obey is escaped as JSON does.
func (r *Report) JSON(w io.Writer) error { return escape.JSON(w, r) }

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
)

// sentences say what a keyBy means at the user's rates.
func (b *builder) sentences(t *Table) []string {
	rows, flink := t.priced(), slices.DeleteFunc(slices.Clone(t.Flink), func(r Row) bool { return r.Keyby == nil })
	var out []string
	if t.home {
		return b.serialized(t)
	}
	if rate := b.options.Rate; rate > 0 && len(rows) > 0 {
		out = append(out, atRate(ends(rows), rate)+t.divided(flink))
	}
	if per := b.options.PerCore; per > 0 && len(rows) > 0 {
		out = append(out, perCore(ends(rows), per)+t.divided(flink))
	}
	if asked := b.options.Rate > 0 || b.options.PerCore > 0; asked && len(rows) == 0 && len(flink) > 0 {
		out = append(out, t.unpriced(flink))
	}
	return out
}

// ends returns the first and the last of rows, if that is another.
func ends(rows []Row) []Row {
	if len(rows) < 2 {
		return rows
	}
	return []Row{rows[0], rows[len(rows)-1]}
}

// atRate turns prices into what the user's job pays a second.
func atRate(ends []Row, rate float64) string {
	var parts []string
	for _, r := range ends {
		cores := "too many"
		if r.Keyby.Cores != nil {
			cores = r.Keyby.Cores.text(short)
		}
		parts = append(parts, fmt.Sprintf("%s cores and %s MB/s with %s", cores, short(r.Keyby.Wire*rate/1e6), called(r.Codec)))
	}
	return fmt.Sprintf("At --rate %s one more keyBy takes %s", plain(rate), strings.Join(parts, ", "))
}

// perCore relates prices to what a record costs the user's job now.
func perCore(ends []Row, per float64) string {
	today := 1e9 / per
	var parts []string
	for _, r := range ends {
		parts = append(parts, r.Keyby.Each.times(100/today).text(short)+" % with "+called(r.Codec))
	}
	return fmt.Sprintf("At --per-core %s your record costs %s today; one more keyBy adds %s",
		plain(per), nanos(today), strings.Join(parts, ", "))
}

// serialized says what serializing and deserializing a record means at the user's rates, where the keyBy itself was not measured:
// what a keyBy costs at least.
func (b *builder) serialized(t *Table) []string {
	rows := slices.DeleteFunc(t.choosable(), func(r Row) bool { return r.cost(results.OpEncode) == nil || r.cost(results.OpDecode) == nil })
	if len(rows) == 0 {
		return nil
	}
	cost := func(r Row) float64 { return r.cost(results.OpEncode).CPU.Center + r.cost(results.OpDecode).CPU.Center }
	slices.SortStableFunc(rows, func(x, y Row) int { return cmp.Compare(cost(x), cost(y)) })
	rest := fmt.Sprintf(": encode and decode in runtime %s; the hand-over between them is not in it.", t.timeOf())
	var out []string
	if rate := b.options.Rate; rate > 0 {
		var parts []string
		for _, r := range ends(rows) {
			parts = append(parts, fmt.Sprintf("%s cores with %s", short(cost(r)*rate/1e9), called(r.Codec)))
		}
		out = append(out, fmt.Sprintf("At --rate %s one more keyBy takes at least %s%s", plain(rate), strings.Join(parts, ", "), rest))
	}
	if per := b.options.PerCore; per > 0 {
		today := 1e9 / per
		var parts []string
		for _, r := range ends(rows) {
			parts = append(parts, fmt.Sprintf("%s %% with %s", short(cost(r)*100/today), called(r.Codec)))
		}
		out = append(out, fmt.Sprintf("At --per-core %s your record costs %s today; one more keyBy adds at least %s%s",
			plain(per), nanos(today), strings.Join(parts, ", "), rest))
	}
	return out
}

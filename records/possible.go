package records

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp/syntax"
)

// What is possible: the ends of the numbers that a spec gives, by which sums are checked, and how many texts a profile of
// map keys can give, against the entries that the map may have. All of it is worked out from profiles that have compiled,
// in float64, where what is too many to count is infinite. Where a count is only known to be at most a
// number, it is that number: a warning is never wrong.

// fewKeys warns of a map whose keys have fewer possible values than it may have entries.
func (c *compiler) fewKeys(path string, most, possible float64) {
	if possible < most {
		c.warnings = append(c.warnings, fmt.Sprintf("%s: the map has up to %.0f entries and its keys only %.0f possible values: "+
			"an entry whose key is there already is dropped", path, most, possible))
	}
}

// An extent is the least and the largest of the values that something gives, and how many there are at most. That of
// nothing has the count 0.
type extent struct{ lo, hi, count float64 }

// extentOf returns the extent of all integers from lo to hi.
func extentOf(lo, hi float64) extent { return extent{lo, hi, hi - lo + 1} }

// or returns the extent of what e or f gives.
func (e extent) or(f extent) extent {
	if e.count == 0 {
		return f
	}
	return extent{min(e.lo, f.lo), max(e.hi, f.hi), e.count + f.count}
}

// specExtent returns the values of the number spec raw, compiled by sp.
func specExtent(raw json.RawMessage, sp spec) extent {
	if raw[0] != '{' {
		v, _ := number(raw)
		return extentOf(v, v)
	}
	p, _ := readProfile(raw)
	if !p.has("top") {
		return numberExtent(p, sp)
	}
	var e extent
	weighted(p.keys["top"], 1, func(raw json.RawMessage) {
		v, _ := number(raw)
		e = e.or(extentOf(v, v))
	})
	if w, _ := number(p.keys["other"]); w > 0 {
		e = e.or(numberExtent(p, sp))
	}
	return e
}

// weighted calls each for the pairs in the list raw whose weight, their member at, is not 0, with their other member.
func weighted(raw json.RawMessage, at int, each func(json.RawMessage)) {
	items, _ := list(raw)
	for _, item := range items {
		if pair, _ := list(item); string(pair[at]) != "0" {
			each(pair[1-at])
		}
	}
}

// numberExtent returns the values of the number keys of p, compiled by sp, without top.
func numberExtent(p *profile, sp spec) extent {
	key := func(name string, none float64) float64 {
		if v, err := number(p.keys[name]); err == nil {
			return v
		}
		return none
	}
	k := key("sum", 1)
	switch shape, _ := text(p.keys["shape"]); {
	case p.any("time", "recent"):
		return extent{math.Inf(-1), math.Inf(1), math.Inf(1)}
	case p.has("index"):
		return indexExtent(p.keys["index"])
	case p.has("bins"):
		return binExtent(p.keys["bins"])
	case p.has("quantiles"):
		q, _ := list(p.keys["quantiles"])
		lo, _ := number(q[0])
		hi, _ := number(q[len(q)-1])
		return extentOf(k*lo, k*hi)
	case shape == "normal":
		mean, most := key("mean", 0), math.Round(262140/53509.92*key("sd", 0))
		lo, hi := key("min", float64(sp.span.lo)), key("max", float64(sp.span.hi))
		return extentOf(k*min(max(lo, math.Floor(mean)-most), hi), k*max(min(hi, math.Ceil(mean)+most), lo))
	}
	lo := key("min", float64(sp.span.lo))
	return extentOf(k*lo, k*key("max", float64(sp.top(int64(lo)))))
}

// indexExtent returns the values of an index.
func indexExtent(raw json.RawMessage) extent {
	start, step, every, mod := int64(0), int64(1), int64(1), int64(0)
	fields("index", raw, map[string]*int64{"start": &start, "step": &step, "every": &every, "mod": &mod}, nil)
	first := float64(start)
	switch last := first + float64(step)*float64(mod-1); {
	case step == 0:
		return extentOf(first, first)
	case mod == 0:
		return extent{math.Inf(-1), math.Inf(1), math.Inf(1)}
	default:
		return extent{min(first, last), max(first, last), float64(mod)}
	}
}

// binExtent returns the values of bins, from the first bin to the last.
func binExtent(raw json.RawMessage) (e extent) {
	items, _ := list(raw)
	for _, item := range items {
		bin, _ := list(item)
		lo, _ := number(bin[1])
		hi, _ := number(bin[2])
		if string(bin[0]) != "0" {
			e = e.or(extentOf(lo, hi))
		}
	}
	return e
}

// texts returns how many texts the string profile raw can give.
func texts(raw json.RawMessage) float64 {
	p, err := readProfile(raw)
	if err != nil {
		return math.Inf(1)
	}
	if !p.has("pick") {
		return unpickedTexts(p)
	}
	pick, _ := readProfile(p.keys["pick"])
	n, _ := number(pick.keys["n"])
	first, _ := list(p.keys["first"])
	return distinct(first) + min(n-float64(len(first)), unpickedTexts(p))
}

// distinct returns how many of the texts in items differ.
func distinct(items []json.RawMessage) float64 {
	seen := map[string]bool{}
	for _, item := range items {
		v, _ := text(item)
		seen[v] = true
	}
	return float64(len(seen))
}

// unpickedTexts returns how many texts p can give without its pick.
func unpickedTexts(p *profile) float64 {
	sum := 0.0
	switch {
	case p.has("alt"):
		weighted(p.keys["alt"], 0, func(raw json.RawMessage) { sum += texts(raw) })
		return sum
	case p.has("const"):
		return 1
	case !p.has("top"):
		return madeTexts(p)
	}
	var top []json.RawMessage
	weighted(p.keys["top"], 1, func(raw json.RawMessage) { top = append(top, raw) })
	if w, _ := number(p.keys["other"]); w > 0 {
		sum = madeTexts(p)
	}
	return distinct(top) + sum
}

// madeTexts returns how many texts p can give that are neither constant nor chosen by alt or top.
func madeTexts(p *profile) float64 {
	switch {
	case p.any("uuid", "time"):
		return math.Inf(1)
	case p.has("num"):
		return specExtent(p.keys["num"], spec{span: spanLong}).count
	case p.has("parts"):
		return partTexts(p.keys["parts"])
	}
	length, chars := extentOf(leastText, mostText), 26.0
	if raw := p.keys["len"]; raw != nil {
		length = specExtent(raw, lengthSpec)
	}
	if raw := p.keys["chars"]; raw != nil {
		chars = characters(raw)
	}
	return words(chars, length.lo, length.hi)
}

// partTexts returns how many texts the parts in raw can give.
func partTexts(raw json.RawMessage) float64 {
	items, _ := list(raw)
	product := 1.0
	for _, item := range items {
		if item[0] == '"' {
			continue
		}
		n := texts(item)
		if p, _ := readProfile(item); p.has("p") {
			n++ // it may be absent
		}
		product *= n
	}
	return product
}

// words returns how many texts of lo to hi characters out of m there are, or a number beyond all sizes of maps.
func words(m, lo, hi float64) float64 {
	if m <= 1 {
		return hi - lo + 1
	}
	sum := 0.0
	for l := lo; l <= hi && sum <= maxValues*maxValues; l++ {
		sum += math.Pow(m, l)
	}
	return sum
}

// characters returns how many characters a value of chars has; a text of either has those of one set.
func characters(raw json.RawMessage) float64 {
	if raw[0] == '"' {
		a, _ := named(raw)
		return a.distinct()
	}
	p, _ := readProfile(raw)
	if raw := p.keys["set"]; raw != nil {
		a, _ := setOf(raw)
		return a.distinct()
	}
	sum := 0.0
	for _, key := range []string{"mix", "either"} {
		if raw := p.keys[key]; raw != nil {
			weighted(raw, 1, func(raw json.RawMessage) { sum += characters(raw) })
		}
	}
	return sum
}

// distinct returns how many characters of a differ.
func (a *alphabet) distinct() float64 {
	if a.bytes == "" && a.runes == nil {
		return float64(a.size)
	}
	seen := map[rune]bool{}
	for _, c := range a.bytes + string(a.runes) {
		seen[c] = true
	}
	return float64(len(seen))
}

// dialectTexts returns how many texts the annotation of map keys in raw can give: without one it is one character of 128.
func dialectTexts(raw json.RawMessage) float64 {
	if raw == nil {
		return 128
	}
	k, err := readProfile(raw)
	if err != nil {
		return math.Inf(1)
	}
	if raw := k.keys["options"]; raw != nil {
		items, _ := list(raw)
		return distinct(items)
	}
	if raw := k.keys["regex"]; raw != nil {
		expr, _ := text(raw)
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			return math.Inf(1)
		}
		return matches(tree)
	}
	lo, hi, _ := lengthOf(k.keys["length"])
	return words(128, float64(lo), float64(hi-1))
}

// matches returns how many texts can be drawn that re matches. Repetitions without a limit are taken for endless.
func matches(re *syntax.Regexp) float64 {
	sum, product := 0.0, 1.0
	for _, sub := range re.Sub {
		n := matches(sub)
		sum, product = sum+n, product*n
	}
	switch re.Op {
	case syntax.OpAlternate:
		return sum
	case syntax.OpConcat, syntax.OpCapture:
		return product
	case syntax.OpStar, syntax.OpPlus:
		return math.Inf(1)
	case syntax.OpQuest:
		return product + 1
	case syntax.OpRepeat:
		if re.Max < 0 {
			return math.Inf(1)
		}
		return words(product, float64(re.Min), float64(re.Max))
	case syntax.OpCharClass:
		n := 0.0
		for i := 0; i < len(re.Rune); i += 2 {
			n += float64(re.Rune[i+1]-re.Rune[i]) + 1
		}
		return n
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 95
	}
	return 1
}

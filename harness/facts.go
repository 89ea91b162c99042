package harness

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
)

// header returns what must be equal for two files to be comparable.
func (p *Plan) header() results.Header {
	d := p.data(p.Subjects[0])
	h := measure.Machine()
	h.Layout, h.Seed = p.Layout, strconv.FormatUint(d.Seed, 10)
	if len(p.Exchanges) == 0 {
		return h
	}
	h.Key, h.Keys = p.key(), cmp.Or(d.Keys, "records")
	h.OtherKey, h.Partitioner = strings.Join(d.OtherKey, ","), d.Partitioner
	h.Parallelism, h.MaxParallelism = strconv.Itoa(d.Parallelism), strconv.Itoa(d.MaxParallelism)
	h.Segment, h.Timestamps = strconv.Itoa(d.Segment), results.TimestampsNone
	if d.Timestamps {
		h.Timestamps = results.TimestampsSet
	}
	return h
}

// key returns the key of the exchanges, of several schemas each with its name.
func (p *Plan) key() string {
	if len(p.Subjects) == 1 {
		return strings.Join(p.Subjects[0].Key, ",")
	}
	var keys []string
	for _, s := range p.Subjects {
		keys = append(keys, s.Name()+"="+strings.Join(s.Key, ","))
	}
	return strings.Join(keys, " ")
}

// preface writes what is known before the first sample. What keeps numbers from being what they should be may be nil.
func (p *Plan) preface(w *results.Writer, schemas []results.SchemaFact, limits ...error) error {
	facts := p.Facts
	facts.Version, facts.Commit = version(), commit()
	facts.Date, facts.LoadBefore = time.Now().UTC().Format(time.RFC3339), measure.ReadLoad().Average
	facts.Codecs, facts.Exchanges, facts.Keys, facts.Guesses = p.codecFacts(), p.exchangeFacts(), p.keyFacts(), p.guessFacts()
	for _, s := range p.Subjects {
		if s.From != "" {
			facts.Samples = append(facts.Samples, results.SampleFact{Schema: s.Schema.Name, From: s.From})
		}
	}
	var err error
	if facts.Routes, facts.Sinks, err = p.traffic(); err != nil {
		return err
	}
	for _, limit := range append(measure.Limits(), limits...) {
		if limit != nil {
			facts.Limits = append(facts.Limits, limit.Error())
		}
	}
	errs := []error{w.Facts(facts)}
	for _, s := range schemas {
		errs = append(errs, w.Schema(s))
	}
	return errors.Join(errs...)
}

// codecFacts says of each codec which library it is and what it loses.
func (p *Plan) codecFacts() []results.CodecFact {
	versions := moduleVersions()
	var facts []results.CodecFact
	for _, name := range p.Codecs {
		f, err := p.Lab.format(name)
		if err != nil {
			continue // check has reported it
		}
		fact := results.CodecFact{Name: name, Group: groupOf(f), Module: f.Module, Version: versions[f.Module]}
		for _, l := range f.Loses {
			fact.Loses = append(fact.Loses, l.String())
		}
		facts = append(facts, fact)
	}
	return facts
}

// groupOf returns the group of the report that f stands in.
func groupOf(f codecs.Format) string {
	switch {
	case f.Floor:
		return results.GroupFloor
	case f.Flink:
		return results.GroupFlink
	}
	return ""
}

// exchangeFacts says of each exchange what it adds to a record.
func (p *Plan) exchangeFacts() []results.ExchangeFact {
	var facts []results.ExchangeFact
	for _, name := range p.Exchanges {
		if x, err := p.Lab.exchange(name); err == nil {
			cfg := exchange.Config{Exchange: x, NoTimestamps: !p.Subjects[0].Data.Timestamps}
			facts = append(facts, results.ExchangeFact{Name: name, Framing: cfg.Framing()})
		}
	}
	return facts
}

// keyFacts says by which fields the exchanges of each schema go.
func (p *Plan) keyFacts() []results.KeyFact {
	var facts []results.KeyFact
	if len(p.Exchanges) == 0 {
		return nil
	}
	for _, s := range p.Subjects {
		facts = append(facts, results.KeyFact{Schema: s.Name(), Paths: strings.Join(s.Key, ",")})
	}
	return facts
}

// traffic says where the records of each schema go, and what of a sink behind them.
func (p *Plan) traffic() (routes []results.RouteFact, sinks []results.SinkFact, err error) {
	if len(p.Exchanges) == 0 {
		return nil, nil, nil
	}
	for _, s := range p.Subjects {
		r := routeIn(p.data(s))
		route, err := s.Traffic(r)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", s.Name(), err)
		}
		routes = append(routes, route)
		if p.Sink > 0 {
			sinks = append(sinks, s.Sink(r, p.Sink))
		}
	}
	return routes, sinks, nil
}

// moduleVersions returns the version of each module in this program.
func moduleVersions() map[string]string {
	versions := map[string]string{}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return versions
	}
	for _, m := range info.Deps {
		versions[m.Path] = m.Version
	}
	versions["std"] = info.GoVersion
	return versions
}

// version returns the version of this program.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return results.Unknown
	}
	return cmp.Or(info.Main.Version, results.Unknown)
}

// commit returns the revision of the source that this program was built from.
func commit() string {
	revision, dirty := results.Unknown, ""
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return revision
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = " with changes"
		}
	}
	return revision + dirty
}

// guessFacts says of how many fields of the user's schemas the values are invented. A built-in stream is what it says.
func (p *Plan) guessFacts() []results.GuessFact {
	var facts []results.GuessFact
	for _, s := range p.Subjects {
		if s.Data.Stream == "" && s.Guess.Invented > 0 {
			facts = append(facts, results.GuessFact{Schema: s.Schema.Name, Invented: s.Guess.Invented, Fields: s.Guess.Fields})
		}
	}
	return facts
}

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/internal/plural"
)

// A Footer says where the numbers come from and how to have them again: all of it from the file, but for the Evidence.
type Footer struct {
	CPU        string    `json:"cpu,omitempty"`
	Cores      string    `json:"cores,omitempty"`
	Virt       string    `json:"virt,omitempty"`
	System     string    `json:"system,omitempty"` // GOOS/GOARCH
	Kernel     string    `json:"kernel,omitempty"` // without what its packager adds
	Go         string    `json:"go,omitempty"`
	Layout     string    `json:"layout,omitempty"`
	Version    string    `json:"wirecost,omitempty"`
	Commit     string    `json:"commit,omitempty"`
	Date       string    `json:"date,omitempty"`
	Libraries  []Library `json:"libraries,omitempty"`
	Runtimes   []Runtime `json:"runtimes,omitempty"` // other than go
	Seed       string    `json:"seed,omitempty"`
	Sets       []Set     `json:"sets,omitempty"`
	Load       []string  `json:"load,omitempty"` // before and after
	Steal      string    `json:"steal,omitempty"`
	Resolution []string  `json:"resolution,omitempty"` // what each table tells apart, in words
	Command    string    `json:"command,omitempty"`
	Evidence   Evidence  `json:"evidence"`
}

// A Runtime says what another runtime than go is, and how it was measured.
type Runtime struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// A Library is a module of codecs.
type Library struct {
	Module  string   `json:"module"`
	Version string   `json:"version,omitempty"`
	Codecs  []string `json:"codecs"`
}

// A Set is the records of a schema.
type Set struct {
	Schema  string `json:"schema"`
	Records int    `json:"records"`
	Bytes   int64  `json:"B"`    // in Avro's binary form
	Data    string `json:"data"` // hash of these bytes
	Key     string `json:"key,omitempty"`
	Sample  string `json:"sample,omitempty"` // where they are from; "" if they are generated
}

// Evidence says why to believe the bytes.
type Evidence string

// Vectors is the evidence of this repository.
const Vectors Evidence = "bytes are checked against vectors written by Flink 1.20.4 and 2.3.0, Avro Java and Kryo: codecs/flink/testdata; wirecost verify compares yours"

// evidenceOf returns what there is for the bytes in a file.
func evidenceOf(facts *results.Facts) Evidence {
	if facts.Class == "" {
		return Vectors
	}
	return Evidence("class " + facts.Class + " is yours, so that there is nothing to compare its bytes with: every record was read back from them and compared field by field")
}

// footerOf takes the footer from a file and its tables.
func footerOf(f *results.File, tables []Table) Footer {
	h, facts := &f.Header, &f.Facts
	foot := Footer{
		CPU: h.CPU, Cores: h.Cores, Virt: h.Virt, Kernel: shortKernel(h.Kernel), Go: h.Go, Layout: h.Layout,
		Version: facts.Version, Commit: shortCommit(facts.Commit), Date: facts.Date, Libraries: librariesOf(facts.Codecs),
		Seed: h.Seed, Steal: facts.Steal, Command: facts.CommandLine, Evidence: evidenceOf(facts),
	}
	if h.GOOS != "" || h.GOARCH != "" {
		foot.System = h.GOOS + "/" + h.GOARCH
	}
	if facts.LoadBefore != "" || facts.LoadAfter != "" {
		foot.Load = []string{facts.LoadBefore, facts.LoadAfter}
	}
	for _, s := range f.Schemas {
		foot.Sets = append(foot.Sets, Set{s.Name, s.Records, s.SetBytes, s.Data, facts.Key(s.Name), facts.Sample(s.Name)})
	}
	for _, r := range facts.Runtimes {
		foot.Runtimes = append(foot.Runtimes, Runtime(r))
	}
	foot.Resolution = resolved(tables)
	return foot
}

// resolved says what each table tells apart, and which that is if there are several.
func resolved(tables []Table) []string {
	var out []string
	for i := range tables {
		p := tables[i].precision()
		if p == "" {
			continue
		}
		out = append(out, p)
	}
	if len(tables) == 1 || len(unique(out)) == 1 && len(out) == len(tables) {
		return unique(out) // of all of them
	}
	out = nil
	for i := range tables {
		if p := tables[i].precision(); p != "" {
			out = append(out, tables[i].name()+": "+p)
		}
	}
	return out
}

// shortKernel leaves out what a packager adds to a version: 6.1.0-13-cloud-amd64 is 6.1.0.
func shortKernel(v string) string {
	v, _, _ = strings.Cut(v, "-")
	return v
}

// shortCommit keeps what names a commit, and whether there were changes.
func shortCommit(c string) string {
	hash, rest, found := strings.Cut(c, " ")
	if len(hash) > 12 {
		hash = hash[:12]
	}
	if found {
		return hash + " " + rest
	}
	return hash
}

// librariesOf returns the modules of codecs, each once. The standard library has the version of Go.
func librariesOf(codecs []results.CodecFact) []Library {
	var out []Library
	for _, c := range codecs {
		if c.Module == "" || c.Module == "std" {
			continue
		}
		i := slices.IndexFunc(out, func(l Library) bool { return l.Module == c.Module && l.Version == c.Version })
		if i < 0 {
			i = len(out)
			out = append(out, Library{Module: c.Module, Version: c.Version})
		}
		out[i].Codecs = append(out[i].Codecs, c.Name)
	}
	return out
}

// A fact is a line of the legend or of the footer.
type fact struct{ name, text string }

// lines are the footer in words, without the command, which is to be copied.
func (f *Footer) lines() []fact {
	lines := []fact{
		{"machine", commas(f.CPU, counted(f.Cores, "core"), after("virt ", f.Virt), f.System, after("kernel ", f.Kernel))},
		{"program", commas(after("wirecost ", f.Version), after("commit ", f.Commit), f.Go, after("layout ", f.Layout))},
		{"libraries", f.libraries()},
		{"runtimes", f.runtimes()},
		{"records", f.sets()},
		{"noise", commas(f.loads(), after("steal ", f.Steal))},
		{"resolution", strings.Join(f.Resolution, "; ")},
		{"evidence", string(f.Evidence)},
	}
	return slices.DeleteFunc(lines, func(l fact) bool { return l.text == "" })
}

// commas joins what there is.
func commas(parts ...string) string {
	var some []string
	for _, s := range parts {
		if s != "" {
			some = append(some, said(s, mostValue))
		}
	}
	return strings.Join(some, ", ")
}

// after is a value behind its name, or nothing.
func after(name, value string) string {
	if value == "" {
		return ""
	}
	return name + value
}

// counted is a number from a file with what it counts, or nothing.
func counted(n, name string) string {
	switch n = said(n, mostName); n {
	case "":
		return ""
	case "1":
		return "1 " + name
	}
	return n + " " + name + "s"
}

func (f *Footer) libraries() string {
	var parts []string
	for _, l := range f.Libraries {
		library := strings.TrimSpace(said(l.Module, mostValue) + " " + said(l.Version, mostName))
		parts = append(parts, fmt.Sprintf("%s (%s)", library, listOf(l.Codecs)))
	}
	return strings.Join(parts, ", ")
}

func (f *Footer) runtimes() string {
	var parts []string
	for _, r := range f.Runtimes {
		parts = append(parts, called(r.Name)+": "+said(r.Text, mostReason))
	}
	return strings.Join(parts, "; ")
}

func (f *Footer) sets() string {
	var parts []string
	for _, s := range f.Sets {
		size := fmt.Sprintf("%s, %d B as Avro", cmp.Or(s.Sample, plural.Count(s.Records, "record")), s.Bytes)
		parts = append(parts, said(s.Schema, mostValue)+": "+commas(size, after("data ", shortHash(s.Data)), after("key ", s.Key)))
	}
	sets := strings.Join(parts, "; ")
	if f.Seed != "" {
		sets = strings.TrimPrefix(sets+"; seed "+said(f.Seed, mostName), "; ")
	}
	return sets
}

// shortHash keeps what tells hashes apart.
func shortHash(h string) string { return h[:min(len(h), 12)] }

func (f *Footer) loads() string {
	if len(f.Load) < 2 {
		return ""
	}
	return fmt.Sprintf("load %s before and %s after", cmp.Or(f.Load[0], results.Unknown), cmp.Or(f.Load[1], results.Unknown))
}

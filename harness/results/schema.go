package results

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A SchemaFact is what must be equal for the cells of one schema in two files to be comparable: a line "# schema NAME
// hash=… data=… records=… set-bytes=… profile=…". It is no key of the header, which would split benchstat's tables.
type SchemaFact struct {
	Name     string // of the schema
	Hash     string // of its canonical form
	Data     string // hash of the records' canonical bytes
	Records  int    // in the set
	SetBytes int64  // of the records' canonical bytes
	Profile  string // name or hash of the profile
}

// line returns what stands behind the word schema.
func (s SchemaFact) line() string {
	return fmt.Sprintf("%s hash=%s data=%s records=%d set-bytes=%d profile=%s", s.Name, s.Hash, s.Data, s.Records, s.SetBytes, s.Profile)
}

// parseSchema undoes line.
func parseSchema(line string) (SchemaFact, error) {
	name, rest, _ := strings.Cut(line, " ")
	s := SchemaFact{Name: name}
	for field := range strings.FieldsSeq(rest) {
		if err := s.set(strings.Cut(field, "=")); err != nil {
			return s, fmt.Errorf("schema %s: %s: %w", s.Name, field, err)
		}
	}
	return s, s.check()
}

func (s *SchemaFact) set(key, value string, _ bool) (err error) {
	switch key {
	case "hash":
		s.Hash = value
	case "data":
		s.Data = value
	case "profile":
		s.Profile = value
	case "records":
		s.Records, err = strconv.Atoi(value)
	case "set-bytes":
		s.SetBytes, err = strconv.ParseInt(value, 10, 64)
	default:
		return errors.New("unknown fact")
	}
	return err
}

// check says why s would not be read back.
func (s SchemaFact) check() error {
	if s.Name == "" {
		return errors.New("schema without a name")
	}
	for _, word := range []string{s.Name, s.Hash, s.Data, s.Profile} {
		if strings.ContainsFunc(word, notPrintable) {
			return fmt.Errorf("schema %q: %q has a space or a control character", s.Name, word)
		}
	}
	return nil
}

package sample

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/wirecost/wirecost/schemas/access"
)

// NewReader returns what reads the records of in. It reads no further than it needs to recognise their form, and the header
// of a container.
func NewReader(in io.Reader, cfg Config) (*Reader, error) {
	if cfg.Name == "" {
		cfg.Name = "the input"
	}
	r := &Reader{cfg: cfg}
	return r, r.open(newInput(in))
}

// Recognise reports whether what r begins with is a container file or JSON lines, and no encoded record in any form of encode:
// hex and base64 have other letters, and a length would be of more than 1 GB.
func Recognise(r *bufio.Reader) bool {
	head, _ := r.Peek(1)
	return string(head) == "{" || IsContainer(r)
}

// IsContainer reports whether r begins with a container file.
func IsContainer(r *bufio.Reader) bool {
	head, _ := r.Peek(1)
	if string(head) == magic[:1] { // not waiting for more than there may be
		head, _ = r.Peek(len(magic))
	}
	return string(head) == magic
}

const utf8Mark = "\ufeff"

// open recognises the form. No two of them begin alike: the length before a framed record is at most MaxUnit, so that its
// first byte is below 2, and a line begins with a brace.
func (r *Reader) open(in *input) error {
	head, err := in.peek(1)
	if err == nil && head[0] == utf8Mark[0] { // an editor's mark
		if head, _ = in.peek(len(utf8Mark)); string(head) == utf8Mark {
			in.discard(len(utf8Mark))
			head, err = in.peek(1)
		}
	}
	if err == nil && head[0] == magic[0] {
		head, err = in.peek(len(magic))
	}
	switch {
	case err == io.EOF && len(head) == 0:
		return fmt.Errorf("%s is empty: there are no records", r.cfg.Name)
	case err != nil && err != io.EOF:
		return fmt.Errorf("%s: %w", r.cfg.Name, err)
	case bytes.HasPrefix(head, []byte(magic[:3])):
		return r.openContainer(in)
	case head[0] <= MaxUnit>>24:
		r.Form = "framed records"
	case bytes.IndexByte([]byte("{ \t\r\n"), head[0]) >= 0:
		r.Form = "JSON lines"
	default:
		return fmt.Errorf("%s: %w", r.cfg.Name, strange(in))
	}
	if r.Schema = r.cfg.Schema; r.Schema == nil {
		return fmt.Errorf("%s: %s have no schema of their own: name it with --schema FILE", r.cfg.Name, r.Form)
	}
	if r.Type, err = access.Of(r.Schema); err != nil {
		return err
	}
	r.units = &lines{in: in.r, name: r.cfg.Name, typ: r.Type}
	if r.Form == "framed records" {
		r.units = &frames{in: in, name: r.cfg.Name, typ: r.Type}
	}
	return nil
}

// strangers are forms that are not read, by what they begin with, and what to do about each.
var strangers = []struct{ head, remedy string }{
	{"\x1f\x8b", "it is compressed by gzip: zcat FILE | wirecost … --input -"},
	{"\x28\xb5\x2f\xfd", "it is compressed by zstd: zstdcat FILE | wirecost … --input -"},
	{"BZh", "it is compressed by bzip2: bzcat FILE | wirecost … --input -"},
	{"PK\x03\x04", "it is a zip file: unzip -p FILE | wirecost … --input -"},
	{"PAR1", "it is a Parquet file: write its records as JSON lines or as an Avro container file"},
	{"ORC", "it is an ORC file: write its records as JSON lines or as an Avro container file"},
	{"[", "it is one JSON array: put each of its elements on a line of its own, as jq -c '.[]' does"},
	{"\xff\xfe", "it is UTF-16: iconv -f UTF-16 -t UTF-8 FILE | wirecost … --input -"},
	{"\xfe\xff", "it is UTF-16: iconv -f UTF-16 -t UTF-8 FILE | wirecost … --input -"},
	{"\xc3\x01", "it is in Avro's single-object encoding: write the records as an Avro container file"},
}

// strange says what in, which is in no form that is read, may be.
func strange(in *input) error {
	head, _ := in.peek(16)
	for _, s := range strangers {
		if strings.HasPrefix(string(head), s.head) {
			return errors.New(s.remedy)
		}
	}
	return fmt.Errorf("it begins with %q: neither JSON lines (an object on each line), nor an Avro container file, nor records framed by a length "+
		"of 4 bytes (encode --format raw) and Confluent's magic byte and schema id", head)
}

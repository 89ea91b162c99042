package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/jvm"
	"github.com/wirecost/wirecost/schemas"
)

// A class is the user's own in Java: the flags --class and --classpath.
type class struct {
	name string
	path []string
}

// classHelp is what help says of --class.
const classHelp = `--class NAME with --classpath measures a class of your own in Flink's runtimes, with the records of --input read into its
fields, by name: pojo is what TypeInformation.of makes of it, kryo and kryo-registered what it costs as a generic type. The
schema of the records follows from the fields, or is --schema; a field that cannot be read stays as the constructor leaves it
and is named. It needs wirecost flink build, once.`

// bind adds the flags to cmd.
func (c *class) bind(cmd *cobra.Command, others ...string) {
	cmd.Flags().StringVar(&c.name, "class", "", "your own Java `CLASS`, measured in Flink's runtimes with the records of --input")
	cmd.Flags().StringSliceVar(&c.path, "classpath", nil, "`LIST` of jars and folders, separated by commas, that --class needs")
	exclusive(cmd, "class", others...)
}

// given reports whether there is a class.
func (c *class) given() bool { return c.name != "" }

// choose says what follows from --class where the user does not say otherwise, and refuses what makes no sense with it.
func (c *class) choose(cmd *cobra.Command, m *measurement) error {
	given := cmd.Flags().Changed
	switch {
	case !c.given() && len(c.path) > 0:
		return errors.New("--classpath needs --class")
	case !c.given():
		return nil
	case !m.own.given():
		return errors.New("--class needs records: name a file of them with --input")
	}
	if !given("runtime") {
		m.runtimes = jvm.Flink2.Name
	}
	if !given("codec") {
		m.codecs = strings.Join(jvm.ClassCodecs, ",")
	}
	return nil
}

// check refuses runtimes and codecs that know nothing of classes.
func (c *class) check(m *measurement, codecs []string) error {
	if !c.given() {
		return nil
	}
	if m.inGo() {
		return errors.New("--class is measured in Flink's runtimes: leave go out of --runtime")
	}
	for _, name := range codecs {
		if !slices.Contains(jvm.ClassCodecs, name) {
			return fmt.Errorf("--class is measured with pojo, kryo and kryo-registered, and not with %s: leave it out of --codec", name)
		}
	}
	return nil
}

// read finds the class, and makes the schema of its records that of the subject.
func (c *class) read(cmd *cobra.Command, s *subject) error {
	if !c.given() {
		return nil
	}
	var given *schemas.Schema
	if s.chosen() {
		var err error
		if given, err = s.load(); err != nil {
			return err
		}
	}
	r, err := jvm.ReadClass(cmd.Context(), c.name, c.path, given)
	if err != nil {
		return fmt.Errorf("--class %s: %w", c.name, err)
	}
	warn(cmd, r.Notes)
	if s.of = given; given == nil {
		s.of, err = schemas.Parse(c.name, []byte(r.Schema), "")
	}
	return err
}

// of makes s the records of the class.
func (c *class) of(s *harness.Subject) {
	if c.given() && s != nil {
		s.Class, s.Classpath = c.name, c.path
	}
}

// Command wirecost says what a record costs a stream: bytes, CPU time and allocations, per codec and per keyBy.
//
// There is one file for each subcommand. The flags of a subcommand are bound to a config of its own, and what it does
// is a method of that config; everything it reports goes to standard output, everything else to standard error.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness/escape"
)

// Exit statuses. Scripts and CI branch on them, so they do not change.
const (
	exitOK           = 0
	exitError        = 1   // the tool failed, a proof failed, or there was nothing to do
	exitRegression   = 2   // a regression, or a forbidden fallback to Kryo
	exitStrict       = 3   // a warning made fatal by --strict
	exitInconclusive = 4   // inconclusive, or not comparable
	exitInterrupted  = 130 // interrupted; what was complete is printed and kept
)

// A status is an error with an exit status of its own. Its text, if any, is printed.
type status struct {
	code int
	err  error
}

func (s status) Error() string {
	if s.err == nil {
		return ""
	}
	return s.err.Error()
}

func (s status) Unwrap() error { return s.err }

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the command without the process around it.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	signal.Ignore(syscall.SIGPIPE) // a closed stdout is an error of a write, and then no error at all
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, endings()...)
	defer signal.Stop(signals)
	var undo cleanups
	root := newRoot(&undo)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return exitCode(execute(root, signals, &undo, grace), stderr)
}

// endings are the signals that interrupt: what was complete is printed and kept. One that nohup has the program ignore is
// ignored.
func endings() []os.Signal {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		ends = append(ends, syscall.SIGHUP)
	}
	return ends
}

// grace is how long an interrupted command may take to print what it has.
const grace = 3 * time.Second

// execute runs root until it ends. The first of signals interrupts it. One that does not notice, as in the midst of a huge
// record, is left alone after the grace period, or at a second signal: an interrupted program ends, and leaves nothing.
func execute(root *cobra.Command, signals <-chan os.Signal, undo *cleanups, grace time.Duration) error {
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	done := make(chan error, 1)
	go func() { done <- root.ExecuteContext(ctx) }()
	select {
	case err := <-done:
		return err
	case <-signals:
		interrupt()
	}
	select {
	case err := <-done:
		return whenInterrupted(ctx, err)
	case <-signals:
	case <-time.After(grace):
	}
	undone := make(chan struct{})
	go func() {
		undo.all()
		close(undone)
	}()
	select {
	case <-undone:
	case <-time.After(grace): // a file that takes nothing more, as a pipe that nobody reads
	}
	return ctx.Err()
}

// whenInterrupted returns the error of a command that was interrupted. What interrupts may take its readers along, as a
// terminal that is closed does: that nobody reads is no error then, and no success.
func whenInterrupted(ctx context.Context, err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.EIO) {
		return ctx.Err()
	}
	return err
}

// exitCode prints err, one line or several of one kind, and returns the status it stands for.
func exitCode(err error, stderr io.Writer) int {
	var st status
	var coded interface{ ExitStatus() int } // of commands that other programs have, too
	switch {
	case err == nil, errors.Is(err, syscall.EPIPE):
		return exitOK
	case errors.Is(err, context.Canceled):
		st = status{exitInterrupted, errors.New("interrupted")}
	case errors.As(err, &coded):
		st = status{coded.ExitStatus(), err}
	case !errors.As(err, &st):
		st = status{exitError, err}
	}
	lines := linesOf(st)
	for i, line := range lines {
		if i == mostErrors {
			fmt.Fprintf(stderr, "wirecost: and %d more\n", len(lines)-i)
			break
		}
		complain(stderr, line)
	}
	return st.code
}

// What is printed of errors, which are about input of any size.
const (
	mostErrors = 50   // lines
	mostOfLine = 1000 // characters
)

// complain prints a line of an error or a warning, as text that a terminal shows and does not obey.
func complain(stderr io.Writer, line string) {
	fmt.Fprintf(stderr, "wirecost: %s\n", escape.Short(escape.Line(line), mostOfLine))
}

// linesOf returns the lines of err: one, with any line ends in it, unless several errors were joined.
func linesOf(err error) []string {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return strings.Split(err.Error(), "\n")
	}
	if text := err.Error(); text != "" {
		return []string{text}
	}
	return nil
}

// newRoot returns the command with its subcommands, which say in undo what must not stay behind.
func newRoot(undo *cleanups) *cobra.Command {
	root := &cobra.Command{
		Use:     "wirecost",
		Short:   "What does serialization cost me?",
		Version: version(),
		Long:    "wirecost says what a record costs: bytes, CPU time and allocations, per codec, per extra keyBy, on your own schema.",
		Example: `  wirecost run
  wirecost run --schema order.avsc --rate 250000
  wirecost explain --schema order.avsc --no-generic-types
  wirecost generate --schema order.avsc | wirecost encode --schema order.avsc --codec pojo --format len`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          unknownCommand,

		PersistentPreRunE: checkFlags,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages ", fmt.Sprintf(".FlagUsagesWrapped %d ", helpWidth)))
	root.SetVersionTemplate("wirecost {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newRun(undo), newKeyby(undo), newGenerate(), newEncode(), newDecode(), newDissect(), newExplain(), newSkew(), newState(undo), newProfile(), newInfer(), newList(), newFlink(), newVerify(), newWorker())
	root.AddCommand(newCompare(), newGate(), newDoctor())
	for _, cmd := range root.Commands() {
		if cmd.ValidArgs == nil {
			cmd.ValidArgsFunction = cobra.NoFileCompletions // files are values of flags here
		}
	}
	root.SetHelpCommand(newHelp())
	addCompletion(root)
	return root
}

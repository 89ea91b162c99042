package main

import (
	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness/measure"
)

// newWorker is the inside of a worker process of run. It is hidden: no user has a use for it.
func newWorker() *cobra.Command {
	return &cobra.Command{
		Use:    "worker",
		Short:  "answer requests of wirecost run, one JSON line each",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return measure.Serve(cmd.InOrStdin(), cmd.OutOrStdout(), measure.System(), lab().Open)
		},
	}
}

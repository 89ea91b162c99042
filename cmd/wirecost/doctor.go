package main

import (
	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/cmd/internal/checks"
)

func newDoctor() *cobra.Command { return checks.NewDoctor("wirecost") }

package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
)

// Main runs the command and returns the exit code of the process:
//
//	os.Exit(cli.Main(context.Background(), cli.Options{…}))
//
// Of interrupts (Ctrl-C, SIGTERM, SIGHUP), the first lets what is under way end and be saved, the second stops at once,
// the third leaves without waiting for that.
func Main(ctx context.Context, options Options) (code int) {
	defer func() {
		if value := recover(); value != nil {
			fmt.Fprintf(options.Err, "Error: kafkalink panicked: %v\n\n%s\nNext: this is a bug: report it with the lines above\n",
				value, debug.Stack())
			code = cmdutil.ExitInternalError
		}
	}()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	kill := make(chan struct{})
	options.kill = kill
	signals := make(chan os.Signal, 3)
	signal.Notify(signals, interrupting()...)
	defer signal.Stop(signals)
	// Nobody reads it: once SIGPIPE is taken, writing to a reader that has gone is an error instead of the end.
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	defer signal.Stop(broken)
	ended := make(chan struct{})
	defer close(ended)
	go interrupts(signals, ended, cancel, kill, options.Err, os.Exit)
	return Run(ctx, options)
}

// interrupting are the signals that interrupt. A hang-up does not where it is ignored already, as under nohup.
func interrupting() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

func interrupts(signals <-chan os.Signal, ended <-chan struct{}, cancel func(), kill chan<- struct{}, say io.Writer,
	exit func(int),
) {
	for count := 0; ; {
		select {
		case <-ended:
			return
		case <-signals:
			count++
		}
		switch count {
		case 1:
			fmt.Fprintln(say, "\nInterrupted: waiting for what is under way, so that it is saved. Again to stop at once.")
			cancel()
		case 2:
			fmt.Fprintln(say, "\nStopping at once.")
			close(kill)
		case 3:
			fmt.Fprintln(say, "\nLeaving: the stack may stay locked.")
			exit(cmdutil.ExitCancelled)
		}
	}
}

// Run runs the command until it ends or the context is cancelled, prints its error, and returns the exit code.
func Run(ctx context.Context, options Options) int {
	a := newApp(options)
	command := root(a)
	command.SetArgs(options.Args)
	err := command.ExecuteContext(ctx)
	if err == nil {
		return cmdutil.ExitSuccess
	}
	return a.fail(err)
}

/// The script of a job: simple enough to read, and to submit by hand.
///
/// The batch shell gets SIGTERM shortly before the time limit or at preemption. It passes the signal on, so that the
/// stage saves a checkpoint. The job then returns to the queue, unless the user cancelled it. So does a failed job, as
/// often as `retries` allows. Bad input or wrong usage is not retried, because that would not help.
///
/// A line of `setup` that fails, by the rules of the shell's `set -e`, fails the task with ``setupStatus`` and is
/// reported last. So no stage runs in the wrong environment. Failures within files that such a line sources do not
/// count.
struct SlurmScript {
  let job: SlurmJob
  let settings: SlurmSettings
  let folder: SlurmFolder
  /// Identifies the submission and the job in the queue.
  let comment: String
  /// The path of the executable.
  let program: String
  let workingFolder: String
  /// Options for every task's run.
  let options: [String]

  /// Seconds between the signal and the time limit.
  private static let warning = 120
  /// The exit status of a task whose setup failed: `EX_CONFIG` of sysexits.
  static let setupStatus = 78

  private var directives: [String] {
    let last = job.tasks.count - 1
    let log = job.label + (job.isArray ? ".%a" : ".0")
    let array = "array=0-\(last)" + (settings.throttle.map { "%\($0)" } ?? "")
    let words = settings.directives.sorted { $0.key < $1.key }
    let output = ScriptText.pattern(folder.log("")) + log
    var directives = ["job-name=\(ScriptText.plain(job.name))", "comment=\(ScriptText.option(comment))"]
    if job.isArray { directives.append(array) }
    directives += words.map { "\($0.key)=\(ScriptText.option($0.value))" }
    if let minutes = settings.minutes { directives.append("time=\(max(minutes, 3))") }
    if let megabytes = settings.megabytes { directives.append("mem=\(megabytes)M") }
    return directives + [
      "signal=B:TERM@\(Self.warning)", "requeue", "open-mode=append", "kill-on-invalid-dep=yes",
      "chdir=\(ScriptText.option(workingFolder))", "output=\(ScriptText.option(output))",
    ]
  }

  var text: String {
    """
    #!/bin/bash
    \((directives.map { "#SBATCH --\($0)" } + settings.lines.map { "#SBATCH \($0.value)" }).joined(separator: "\n"))

    # \(job.tasks.count) task\(job.tasks.count == 1 ? "" : "s"): task K runs the stages in line K + 1 of the task file.
    folder=\(ScriptText.word(folder.path))
    task=\(job.label).${SLURM_ARRAY_TASK_ID:-0}
    id=${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}
    IFS=$'\\t' read -r -a stages < <(sed -n "$((${SLURM_ARRAY_TASK_ID:-0} + 1))p" \(ScriptText.word(folder.tasks(job))))
    only=()
    for stage in "${stages[@]}"; do only+=("--only=$stage"); done
    rm -f "$folder/exit/$task"
    echo "${SLURMD_NODENAME:-$(hostname)}" >> "$folder/starts/$task"

    # Requeues the job, unless somebody is ending it.
    state() { squeue -h -j "$id" -o %T 2> /dev/null; }
    again() { [ "$(state)" = RUNNING ] && scontrol requeue "$id"; }
    failed() { echo "$code" >> "$folder/failures/$task"; [ "$(wc -l < "$folder/failures/$task")" -le \(settings.retries) ]; }
    kept() { grep -qs '"checkpoints" : [1-9]' "$folder/status/$task.json"; }
    finish() {
      code=$1
      case $code in
        0 | 64 | 65) ;;
        # Without a checkpoint it would start over again and again, so this counts as a failure.
        75) { kept || failed; } && again && exit "$code" ;;
        *) failed && again && exit "$code" ;;
      esac
      end=$code
      if [ "$code" = 75 ]; then
        case $(state) in CANCELLED | COMPLETING) end="75 cancelled" ;; esac
      fi
      echo "$end" > "$folder/exit/.$task" && mv "$folder/exit/.$task" "$folder/exit/$task"
      exit "$code"
    }
    \(setup)
    # Passes the warning signal on, so that the program saves its work.
    child=
    trap 'if [ -n "$child" ]; then kill -TERM "$child" 2> /dev/null; else ended=1; fi' TERM
    \(ScriptText.word(program)) run "$folder/plan.json" "${only[@]}" --status-file "$folder/status/$task.json"\(scratch)\(options.map { " " + ScriptText.word($0) }.joined()) &
    child=$!
    [ -z "$ended" ] || kill -TERM "$child"
    wait "$child"
    while kill -0 "$child" 2> /dev/null; do wait "$child"; done
    wait "$child"
    finish $?

    """
  }

  /// The setup lines, each of which must succeed.
  private var setup: String {
    guard !settings.setup.isEmpty else { return "" }
    return #"""

      # A failing line ends the task, but a failure within a file that it sources does not.
      setup_failed() { echo "setup: line failed with status $1: $(sed -n "$2p" "$0")" >&2; finish \#(Self.setupStatus); }
      trap 'status=$?; [ ${#BASH_SOURCE[@]} -gt 1 ] || setup_failed "$status" "$LINENO"' ERR
      \#(settings.setup.map(\.value).joined(separator: "\n"))
      trap - ERR
      set +eu

      """#
  }

  /// The `--scratch` option, with the variables of ``NodeFolder`` expanded on the node.
  private var scratch: String { settings.scratch.map { " --scratch=\($0.word)" } ?? "" }

  /// The stages of each task, one task per line.
  var tasks: String { job.tasks.map { $0.joined(separator: "\t") + "\n" }.joined() }
}

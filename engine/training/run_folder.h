#pragma once

#include <filesystem>
#include <string>

#include "engine/api/training.h"

namespace kiln {

// A run's folder: recipe.json, data.json, run.json, metrics.jsonl, checkpoint-<step>.safetensors, best.safetensors,
// now.safetensors, evaluation.png, change.json and change.taken.json (live_changes.h), strips/<step>.png and .json.
inline std::filesystem::path recipe_file(const std::filesystem::path& run) { return run / "recipe.json"; }
inline std::filesystem::path data_file(const std::filesystem::path& run) { return run / "data.json"; }
inline std::filesystem::path metrics_file(const std::filesystem::path& run) { return run / "metrics.jsonl"; }
inline std::filesystem::path best_file(const std::filesystem::path& run) { return run / "best.safetensors"; }
inline std::filesystem::path evaluation_picture(const std::filesystem::path& run) { return run / "evaluation.png"; }
inline std::filesystem::path change_file(const std::filesystem::path& run) { return run / "change.json"; }
inline std::filesystem::path taken_change_file(const std::filesystem::path& run) { return run / "change.taken.json"; }
inline std::filesystem::path now_file(const std::filesystem::path& run) { return run / "now.safetensors"; }

// Where a run belongs if nothing else is said: the model file's name with .run in place of its ending.
std::filesystem::path run_folder_of(const std::string& out);

// Keeps a run's folder to one process and one job, as long as that lives: the system gives it back whatever happens.
class RunLock {
 public:
  // Makes the folder; it goes with the lock if nothing was written into it. Throws Failure: kInvalidArgument if someone else has
  // it, and for a folder that cannot be written.
  explicit RunLock(std::filesystem::path run);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

  static bool is_held(const std::filesystem::path& run);

 private:
  std::filesystem::path run_;
  int descriptor_ = -1;
};

// Removes what a program that was killed while it wrote has left in a run's folder.
void remove_leftovers(const std::filesystem::path& run);

// Removes strips, lines and models of an earlier run, and with `checkpoints` those too. Other files stay.
void remove_run_files(const std::filesystem::path& run, bool checkpoints);

// The same for all that runs write, and the folder if nothing else is in it.
void remove_run(const std::filesystem::path& run);

// How a run ended, for lists of runs.
void write_run_state(const std::filesystem::path& run, RunState state, std::int64_t step, std::int64_t total,
                     const std::string& model);

// Whether a folder holds a run.
bool is_run(const std::filesystem::path& folder);

// What the files of a run tell. Throws Failure(kNotFound) where there is none; parts that cannot be read are left as they are.
RunInfo run_info(const std::filesystem::path& run);

}  // namespace kiln

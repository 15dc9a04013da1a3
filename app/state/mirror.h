#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/state/dataset_mirror.h"
#include "app/state/export_mirror.h"
#include "app/state/generated_batch.h"
#include "app/state/import_mirror.h"
#include "app/state/job_status.h"
#include "app/state/notices.h"
#include "app/state/outgoing.h"
#include "app/state/training_mirror.h"
#include "engine/api/command.h"
#include "engine/api/event.h"

namespace kiln {

enum class EngineState { kStarting, kReady, kFailed };

// The window's picture of the engine: events go in, commands come out, nothing else happens. No threads, no clock, no GL.
class Mirror {
 public:
  Mirror() = default;
  Mirror(const Mirror&) = delete;
  Mirror& operator=(const Mirror&) = delete;

  // From the engine; what an event holds is taken out of it. Frames and progress of jobs that have ended are dropped.
  void apply(Event&& event);
  void apply(const Progress& progress);
  void apply(Frame frame);
  // The engine could not be opened.
  void engine_failed(const Error& error);

  // Asked by the artist; each adds commands. What makes no sense now does nothing.
  void open_model(const std::string& path);
  void use_training_model();  // as the run under way has it now
  void generate(const SampleRequest& request);
  void pause();
  void resume();
  void stop(CancelMode mode);
  // `options`: of sheet_specs(); `replace`: files that are there. The whole batch, or one sprite of it.
  void export_sheet(const std::string& path, const ParamMap& options, bool replace);
  void export_png(const std::string& path, int index, const ParamMap& options, bool replace);
  void preview_export(const std::string& path, const ParamMap& options);

  // Commands since the last call, in order, for the engine.
  std::vector<Command> take_commands() { return outgoing_.take(); }

  EngineState engine() const { return engine_; }
  const Catalog& catalog() const { return catalog_; }  // empty before kReady
  const std::optional<ModelInfo>& model() const { return model_; }
  const std::string& opening() const { return opening_path_; }  // path of the model being opened, or the name of a run, or ""
  const GeneratedBatch& batch() const { return batch_; }
  // The newest sampling job, also after its end; null before the first.
  const JobStatus* sampling() const { return sampling_ ? &*sampling_ : nullptr; }
  bool busy() const { return sampling_ && sampling_->active(); }
  const std::optional<Error>& opening_problem() const { return opening_problem_; }  // why the last model could not be opened

  Notices notices;

 private:
  Outgoing outgoing_;

 public:
  DatasetMirror dataset{outgoing_, notices};
  TrainingMirror training{outgoing_, notices};
  ImportMirror import{outgoing_};
  ExportMirror exporting{outgoing_, notices};

 private:
  void on(const EngineReady& event);
  void on(ModelOpened&& event);
  void on(SpritesReady&& event);
  void on(const Exported& event);
  void on(const Note& event);
  void on(const JobPaused& event);
  void on(const JobResumed& event);
  void on(const JobEnded& event);
  template <class Other>
  void on(const Other&) {}  // not shown in this window

  JobStatus* running(JobId id);  // the sampling job, if that is it and it has not ended
  void end_sampling(const JobEnded& event);
  // What an export of these sprites of the batch writes.
  ExportSprites to_export(const std::string& path, const ParamMap& options, int first, int count) const;

  EngineState engine_ = EngineState::kStarting;
  Catalog catalog_;
  std::optional<ModelInfo> model_;
  JobId opening_;
  JobId using_;  // opens the model of the run under way
  std::string opening_path_;
  std::optional<Error> opening_problem_;
  std::optional<JobStatus> sampling_;
  GeneratedBatch batch_;
  GeneratedBatch previous_;  // comes back when the running one is discarded
  std::uint64_t last_version_ = 0;
};

}  // namespace kiln

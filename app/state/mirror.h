#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/state/batch_history.h"
#include "app/state/batch_queue.h"
#include "app/state/dataset_mirror.h"
#include "app/state/evaluation_mirror.h"
#include "app/state/export_mirror.h"
#include "app/state/generated_batch.h"
#include "app/state/grid_run.h"
#include "app/state/import_mirror.h"
#include "app/state/job_status.h"
#include "app/state/lab_mirror.h"
#include "app/state/notices.h"
#include "app/state/outgoing.h"
#include "app/state/redraw_mirror.h"
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
  // While sprites are being made, generate() and branch() wait in the queue. True: they began at once.
  bool generate(const SampleRequest& request);
  // The same for sprites that come from one of the batch: it can be gone back to.
  bool derive(const SampleRequest& request);
  // The same unasked, where there are no sprites yet: generate() then need not wait for its end.
  void greet(const SampleRequest& request);
  // Sprites that follow a control, `whole` once it is let go of. What is there is shown until there are new ones, and a batch that
  // was not whole leaves no trace when the next one is there.
  void follow(const SampleRequest& request, bool whole);
  // Sprites of an earlier start, where there are none yet.
  void restore(GeneratedBatch batch);
  // Makes the sprites in these places anew, by a request for as many; the others stay.
  void regenerate(const SampleRequest& request, const std::vector<int>& places);
  // A new batch whose sprites look like `first` until each is made, by one request for each; `request` is for all but what each has
  // of its own (init image, condition).
  bool branch(const SampleRequest& request, std::vector<PlacedRequest> each, const std::vector<Image>& first);
  void remove(const std::vector<int>& places);
  // Of regenerate(), remove(), edit() and batches from the queue. Each: the sprite to look at then; none if there is a reason why
  // not. While sprites are pending(), only what was drawn, by who works on finished ones.
  std::optional<int> undo(int chosen = 0);
  std::optional<int> redo(int chosen = 0);
  std::string why_not_undo() const;
  std::string why_not_redo() const;
  void pause();
  void resume();
  void stop(CancelMode mode);
  // `options`: of sheet_specs(); `replace`: files that are there. These sprites of the batch, or (without any) all, or one.
  // `cells`: of those sprites, as in ExportSprites. A path that is_animation() takes their fade.
  void export_sheet(const std::string& path, const ParamMap& options, bool replace, const std::vector<int>& places = {},
                    const std::vector<int>& cells = {});
  void export_png(const std::string& path, int index, const ParamMap& options, bool replace);
  void preview_export(const std::string& path, const ParamMap& options, const std::vector<int>& places = {},
                      const std::vector<int>& cells = {});

  // Begins work on finished sprites: batch() is, until release(), what was there before the sprites that are being made. Sprites
  // that come meanwhile wait for release(), and then take the place of what was worked on, which undo() brings back; where only
  // some places of the batch were made anew, what was done to the others is in it.
  void hold();
  void release();
  bool holding() const { return holding_; }
  // Sprites are being made, or wait for release().
  bool pending() const { return busy() || !arrived_.empty(); }
  // And they are another batch than the one that is worked on.
  bool another_pending() const;
  // Why sprite `index` of the batch cannot be edited by hand, or "". It is finished where nothing is being made in its place.
  std::string why_not_edit(int index) const;
  bool is_finished(int index) const;
  // Changes sprites by hand as one step, called `what`; false if nothing became another. The engine is not asked. While sprites are
  // being made, hold() comes first, as with add().
  bool edit(std::string what, std::vector<SpriteChange> changes);
  // Why so many sprites cannot be put behind those of the batch, or those that hold() brings back, or "".
  static constexpr std::size_t kMostInBatch = 256;
  std::string why_not_add(std::size_t count) const;
  // Puts finished sprites of one size behind those of the batch, as one step; `origins`: of each. Where the batch is of another
  // size, they take its place. Returns which is the first of them, if they could be added.
  std::optional<int> add(std::string what, const std::vector<Sprite>& sprites, const std::vector<SpriteOrigin>& origins);

  // Commands since the last call, in order, for the engine.
  std::vector<Command> take_commands() { return outgoing_.take(); }

  EngineState engine() const { return engine_; }
  const Catalog& catalog() const { return catalog_; }  // empty before kReady
  const std::optional<ModelInfo>& model() const { return model_; }
  const std::string& opening() const { return opening_path_; }  // path of the model being opened, or the name of a run, or ""
  const GeneratedBatch& batch() const { return batch_; }
  // The one that batch() takes the place of, as soon as it is being made; without a job: there is none.
  const GeneratedBatch& earlier() const;
  // The newest sampling job, also after its end; null before the first.
  const JobStatus* sampling() const { return sampling_ ? &*sampling_ : nullptr; }
  bool busy() const { return sampling_ && sampling_->active(); }
  bool greeting() const { return greeting_ && busy(); }
  bool from_queue() const { return from_queue_ && busy(); }
  // What is being made waited in the queue, or something waits behind it.
  bool works_off_queue() const { return busy() && (from_queue_ || !queue.empty()); }
  // Changes of the batch that can be undone, the batch before it, and what their fades take.
  const BatchHistory& history() const { return history_; }
  const std::optional<Error>& opening_problem() const { return opening_problem_; }  // why the last model could not be opened

  Notices notices;
  BatchQueue queue;  // each begins when what runs has ended, kept or not

 private:
  Outgoing outgoing_;

 public:
  DatasetMirror dataset{outgoing_, notices};
  TrainingMirror training{outgoing_, notices};
  ImportMirror import{outgoing_};
  ExportMirror exporting{outgoing_, notices};
  LabMirror lab{outgoing_};
  RedrawMirror redraw{outgoing_};
  EvaluationMirror evaluation{outgoing_};

 private:
  void on(const EngineReady& event);
  void on(ModelOpened&& event);
  void on(const PreviewRecorded& event);
  void on(SpritesReady&& event);
  void on(const Exported& event);
  void on(const Note& event);
  void on(const JobPaused& event);
  void on(const JobResumed& event);
  void on(const JobEnded& event);
  template <class Other>
  void on(const Other&) {}  // not shown in this window

  JobStatus* running(JobId id);  // the sampling job, if that is it and it has not ended
  bool is_ready() const { return engine_ == EngineState::kReady && model_; }
  bool can_sample() const { return is_ready() && !pending(); }
  bool begin_or_queue(GeneratedBatch batch, std::vector<PlacedRequest> requests);
  void begin_queued();
  GeneratedBatch new_batch(const SampleRequest& request, int width, int height) const;
  void begin(GeneratedBatch batch, std::vector<PlacedRequest> requests);
  void send_current();
  void end_sampling(const JobEnded& event);
  // A batch that was made.
  struct Arrived {
    GeneratedBatch batch;
    std::vector<int> places = {};  // that were made anew; none: it is a new batch
    bool keep = false;             // the one before can be gone back to, even if nothing was done to it
  };
  GeneratedBatch& forming() { return holding_ ? forming_ : batch_; }
  void take_in(Arrived arrived);
  void carry_edits();
  std::string why_not_step(bool any, bool draws) const;
  void changed() { batch_.version = ++last_version_; }
  // What an export of these sprites of the batch writes; without any, of all.
  AnyExport to_export(const std::string& path, const ParamMap& options, std::vector<int> places, const std::vector<int>& cells,
                      bool replace) const;

  EngineState engine_ = EngineState::kStarting;
  Catalog catalog_;
  std::optional<ModelInfo> model_;
  JobId opening_;
  JobId using_;  // opens the model of the run under way
  std::string opening_path_;
  std::optional<Error> opening_problem_;
  std::optional<JobStatus> sampling_;
  GeneratedBatch batch_;
  GridRun run_;
  bool makes_new_ = false;  // what runs makes a batch, not places of the one that is there
  GeneratedBatch before_;   // comes back when what runs is discarded; while holding_, that is batch_
  bool holding_ = false;
  GeneratedBatch forming_;        // what is being made, while holding_
  std::vector<Arrived> arrived_;  // while holding_, the oldest first
  bool greeting_ = false;
  bool from_queue_ = false;  // what runs
  bool derived_ = false;     // and comes from sprites of the batch before
  BatchHistory history_;
  std::uint64_t last_version_ = 0;
};

}  // namespace kiln

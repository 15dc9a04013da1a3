#pragma once

#include <string>
#include <variant>
#include <vector>

#include "engine/api/dataset.h"
#include "engine/api/evaluation.h"
#include "engine/api/export.h"
#include "engine/api/frame.h"
#include "engine/api/lab.h"
#include "engine/api/sampling.h"
#include "engine/api/training.h"
#include "engine/base/ids.h"
#include "engine/base/palette.h"

namespace kiln {

// Every command that carries a `job` starts that job; it ends in exactly one JobEnded. The sender chooses ids, never twice.

struct OpenModel {
  JobId job;
  std::string path;
};  // → ModelOpened

struct StartSampling {
  JobId job;
  SampleRequest request;
};  // → frames, PreviewRecorded, SpritesReady

struct StartTraining {
  JobId job;
  TrainRequest request;
};  // → TrainingStarted, TrainingMetrics, TrainingStrip, Exported, notes

// What a run would be: reads the data, makes the network and measures a few steps; writes nothing.
struct PlanTraining {
  JobId job;
  TrainRequest request;
};  // → TrainingPlanned

// The run's EMA weights as they are now, as a model: written into the run's folder and opened. Training goes on.
struct UseTrainingModel {
  JobId job;
  JobId training;
};  // → ModelOpened

// Recipe parameters of a running job to change from its next step on, of those that are live. A run changed so goes on
// exactly after a stop, too.
struct ChangeTraining {
  JobId target;
  ParamMap changes;
};  // → TrainingStarted again, with the plan as it is now; or Note, saying why not

// The same of a run that another process trains, here or elsewhere: it finds the changes in the run's folder and makes them at one
// of its next steps. Fails where no such run is under way, and for changes that cannot be made.
struct ChangeRun {
  JobId job;
  std::string run;
  ParamMap changes;
};

// Trains trials of a recipe, gives up the worse half again and again, and writes the best one's model. With train.resume it goes on
// where it stopped.
struct StartSweep {
  JobId job;
  SweepRequest request;
};  // → a note for each trial and rung, Exported, Report (the table)

// Runs in a folder of runs, the newest first.
struct ListRuns {
  JobId job;
  std::string folder;
};  // → RunsListed

// All that a run's folder tells, for showing.
struct OpenRun {
  JobId job;
  std::string run;
};  // → RunOpened

// Sprites as files, as the path says (export_format): one sheet, left to right, top to bottom, with a data file beside it if the
// options name an atlas; a PNG each; or one NumPy array of bytes [N, H, W, 4], straight alpha. All of the files or none.
struct ExportSprites {
  JobId job;
  std::string path;
  std::vector<Sprite> sprites;  // of their recipes, all may be empty but the condition, which is the class
  ParamMap options;             // sheet_specs(); what is missing has its default
  std::vector<Rgb8> palette;    // the order of an indexed PNG's colours; empty: as the sprites' recipes say, else as they come
  bool replace = false;         // files that are there
  std::vector<int> cells =
      {};                      // of a sheet, in rows: which sprite lies there, below 0: none. Each sprite once; empty: as they come
  std::string animation = {};  // all sprites, as they come, are one animation of this name; empty: as their recipes say
};                             // → Exported, for each file

// The fade from noise to sprites as an animation, one sheet a frame: a GIF; an animated PNG if the path ends in .png or .apng.
struct ExportAnimation {
  JobId job;
  std::string path;
  std::vector<Frame> frames;
  int columns = 0;
  int padding = 0;
  int scale = 4;
  int frame_ms = 80;
  int hold_ms = 1500;  // the last frame
  bool replace = false;
};  // → Exported

using AnyExport = std::variant<ExportSprites, ExportAnimation>;

// What an export would write, without writing it; of an animation, the picture is its last frame.
struct PreviewExport {
  JobId job;
  AnyExport what;
};  // → ExportPreviewed

// What a model file, a data folder or a sheet holds.
struct Inspect {
  JobId job;
  std::string path;
};  // → Report

// Another project's checkpoint (a PyTorch or safetensors file, a diffusers folder) becomes a model file.
struct ImportCheckpoint {
  JobId job;
  std::string checkpoint;
  std::string out;
  std::string like;                  // a family; "" finds it from the weights' names and shapes
  std::vector<std::string> classes;  // names in the network's order; empty numbers them
  ParamMap values;                   // of Catalog::import
};                                   // → Report (what was found and what was assumed), Exported

// A model file written again, maybe in its own place, with other values of model_sampling_specs(); those that are not given stay.
struct SetModelSampling {
  JobId job;
  std::string model;
  std::string out;
  ParamMap values;
};  // → Exported

// Runs everything that a file of golden tensors holds on a model, and tells the largest absolute error of each.
struct VerifyModel {
  JobId job;
  std::string model;
  std::string golden;
  double tolerance = 1e-4;  // ten times as much for whole runs
};                          // → Report; the job fails if an error is larger

// How good a model's sprites are, beside those of its data and those that it never saw.
struct EvaluateModel {
  JobId job;
  EvaluateRequest request;
};  // → ModelEvaluated, Report; Exported, if there is a picture

// What a model makes of a sprite at one noise level, and the run from there on.
struct StudySprite {
  JobId job;
  LabRequest request;
};  // → LabShown, LabPathShown; LabTimed, Exported if asked for

// A model's weights as another project reads them.
struct ExportWeights {
  JobId job;
  std::string model;
  std::string to;  // "diffusers"
  std::string folder;
};  // → Exported

// What a set of sprites holds once `preprocessing` is done to it, and what may be fixed.
struct CheckDataset {
  JobId job;
  SpriteSource source;
  Preprocessing preprocessing;
};  // → DatasetChecked

// A sheet as it is, and the sprites that would be cut from it (fully transparent cells are none). Of a folder of sheets, the first.
struct ShowSheet {
  JobId job;
  SpriteSource source;
};  // → SheetShown

// Sprites as a training run will see them: augmented as the recipe says, a batch of one class or of all.
struct PreviewDataset {
  JobId job;
  SpriteSource source;
  Preprocessing preprocessing;
  ParamMap recipe;         // of Catalog::recipe; what it lacks has its default
  std::string class_name;  // empty: all
  int count = 64;
  std::uint64_t seed = 0;
};  // → DatasetPreviewed

// Writes the sprites as a folder of class folders of PNGs, whole or not at all. A folder that is not empty is refused, unless it
// holds exactly what such a command wrote.
struct ConvertDataset {
  JobId job;
  SpriteSource source;
  Preprocessing preprocessing;
  std::string out;
};  // → DatasetWritten

// Writes the sprites as a packed set: a folder of arrays that training and evaluating read where they lie. A folder that is not
// empty is refused.
struct PackDataset {
  JobId job;
  SpriteSource source;
  Preprocessing preprocessing;
  std::string out;
  int shard_mb = 256;  // of sprites in one file at the most, 10⁶ bytes
};                     // → DatasetWritten

// As ConvertDataset, with sprites that the program draws by itself.
struct DrawStarterSet {
  JobId job;
  std::string out;
  int size = 16;    // or 32
  int count = 100;  // of each class
  std::uint64_t seed = 0;
  bool animated = false;  // the classes that move; `count` animations of each
};                        // → DatasetWritten

// Builds the Dungeon Crawl tiles (CC0) as class folders from Debian's source package, through the machine's own apt.
struct FetchDungeonSet {
  JobId job;
  std::string out;
};  // → DatasetWritten

enum class CancelMode { kDiscard, kKeep, kSuspend };

// Answered within one step. Keep: sampling sends the sprites as they are, training writes its model. Suspend: training writes a
// checkpoint, to go on later; for all else it is discard. Discard: training removes its run.
struct CancelJob {
  JobId target;
  CancelMode mode = CancelMode::kDiscard;
};
struct PauseJob {
  JobId target;
};
struct ResumeJob {
  JobId target;
};

using Command =
    std::variant<OpenModel, StartSampling, StartTraining, PlanTraining, UseTrainingModel, StartSweep, ListRuns, OpenRun, ChangeRun,
                 ExportSprites, PreviewExport, ExportAnimation, Inspect, CheckDataset, ShowSheet, PreviewDataset, ConvertDataset,
                 PackDataset, DrawStarterSet, FetchDungeonSet, ImportCheckpoint, VerifyModel, EvaluateModel, StudySprite,
                 ExportWeights, SetModelSampling, CancelJob, PauseJob, ResumeJob, ChangeTraining>;

}  // namespace kiln

#pragma once

#include <string>
#include <variant>
#include <vector>

#include "engine/api/catalog.h"
#include "engine/api/dataset.h"
#include "engine/api/evaluation.h"
#include "engine/api/export.h"
#include "engine/api/frame.h"
#include "engine/api/lab.h"
#include "engine/api/model_info.h"
#include "engine/api/sampling.h"
#include "engine/api/training.h"
#include "engine/base/error.h"
#include "engine/base/ids.h"

namespace kiln {

// The first event of all.
struct EngineReady {
  Catalog catalog;
};

struct ModelOpened {
  JobId job;
  ModelInfo info;
};

// A sampling job's init image is not of its sprites' size, and what was done: “sketch.png”: 24×20 was reduced to 16×13.
struct InitImageFitted {
  JobId job;
  std::string message;
};

struct PreviewRecorded {
  JobId job;
  Frame frame;
};

// The sprites of a sampling job that finished, or was stopped to keep what is there.
struct SpritesReady {
  JobId job;
  std::vector<Sprite> sprites;
};

struct TrainingPlanned {
  JobId job;
  TrainPlan plan;
};

struct TrainingStarted {
  JobId job;
  TrainPlan plan;
};

struct TrainingStrip {
  JobId job;
  SampleStrip strip;
};

struct TrainingMetrics {
  JobId job;
  TrainMetrics metrics;
};

struct RunsListed {
  JobId job;
  std::vector<RunInfo> runs;
};

struct RunOpened {
  JobId job;
  RunInfo info;
  ParamMap recipe;
  std::vector<TrainMetrics> metrics;
  std::vector<SampleStrip> strips;
};

struct Exported {
  JobId job;
  std::string path;
};

// What an export would write, in the order of writing.
struct ExportPreviewed {
  JobId job;
  std::vector<ExportFile> files;
  int width = 0, height = 0;      // of the sheet, or of a file's picture; 0: there is none
  Image sheet;                    // a large one reduced by a whole number; empty if there is none
  int columns = 1;                // of the sheet
  std::vector<ExportCell> cells;  // of the sheet, in rows
};

// An answer made for reading: lines for a person, and the same as one JSON document.
struct Report {
  JobId job;
  std::string text;
  std::string json;
};

struct ModelEvaluated {
  JobId job;
  EvaluationOverview overview;
};

struct DatasetChecked {
  JobId job;
  DatasetReport report;
  std::vector<DatasetSprite> sprites;  // as they will be trained
};

struct SheetShown {
  JobId job;
  std::string file;
  int width = 0, height = 0;  // of the sheet
  Image sheet;                // a large one reduced by a whole number
  std::vector<SheetCell> cells;
};

struct DatasetPreviewed {
  JobId job;
  std::vector<DatasetSprite> sprites;
};

struct DatasetWritten {
  JobId job;
  std::string path;
  std::vector<ClassCount> classes;
  std::vector<LeftOut> left_out;
  std::vector<std::string> notes;
};

struct LabShown {
  JobId job;
  LabResult result;
};

struct LabPathShown {
  JobId job;
  std::vector<LabStep> steps;
};

struct LabTimed {
  JobId job;
  std::vector<PartTime> parts;
};

// Something worth telling that stops nothing ("reference BLAS: about 30 times slower").
struct Note {
  JobId job;
  std::string message;
  std::string hint;
};

struct JobPaused {
  JobId job;
};
struct JobResumed {
  JobId job;
};

enum class Outcome { kDone, kCancelled, kKept, kFailed };

// The last event of a job.
struct JobEnded {
  JobId job;
  Outcome outcome = Outcome::kDone;
  Error error;  // when kFailed
};

using Event = std::variant<EngineReady, ModelOpened, InitImageFitted, PreviewRecorded, SpritesReady, TrainingPlanned,
                           TrainingStarted, TrainingMetrics, TrainingStrip, RunsListed, RunOpened, Exported, ExportPreviewed,
                           Report, ModelEvaluated, DatasetChecked, SheetShown, DatasetPreviewed, DatasetWritten, LabShown,
                           LabPathShown, LabTimed, Note, JobPaused, JobResumed, JobEnded>;

}  // namespace kiln

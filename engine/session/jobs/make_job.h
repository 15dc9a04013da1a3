#pragma once

#include <functional>
#include <memory>

#include "engine/session/job.h"
#include "engine/session/model_cache.h"
#include "engine/session/outbox.h"

namespace kiln {

struct ProcessPlace;
class TrainingJob;

// What jobs share. It outlives them.
struct JobContext {
  ModelCache& models;
  Outbox& outbox;
  // On the engine's thread: the training of that id, or null.
  std::function<std::shared_ptr<TrainingJob>(JobId)> find_training;
};

// The job that each command starts. Throws Failure for what can be seen to be wrong at once.
std::shared_ptr<Job> make_job(OpenModel command, const JobContext& context);
std::shared_ptr<Job> make_job(StartSampling command, const JobContext& context);
std::shared_ptr<Job> make_job(StartTraining command, const JobContext& context);
std::shared_ptr<Job> make_training_process_job(StartTraining command, const JobContext& context, const ProcessPlace& place);
std::shared_ptr<Job> make_job(StartSweep command, const JobContext& context);
std::shared_ptr<Job> make_job(PlanTraining command, const JobContext& context);
std::shared_ptr<Job> make_job(UseTrainingModel command, const JobContext& context);
std::shared_ptr<Job> make_job(ListRuns command, const JobContext& context);
std::shared_ptr<Job> make_job(OpenRun command, const JobContext& context);
std::shared_ptr<Job> make_job(ChangeRun command, const JobContext& context);
std::shared_ptr<Job> make_job(ExportSprites command, const JobContext& context);
std::shared_ptr<Job> make_job(PreviewExport command, const JobContext& context);
std::shared_ptr<Job> make_job(ExportAnimation command, const JobContext& context);
std::shared_ptr<Job> make_job(Inspect command, const JobContext& context);
std::shared_ptr<Job> make_job(ImportCheckpoint command, const JobContext& context);
std::shared_ptr<Job> make_job(VerifyModel command, const JobContext& context);
std::shared_ptr<Job> make_job(EvaluateModel command, const JobContext& context);
std::shared_ptr<Job> make_job(StudySprite command, const JobContext& context);
std::shared_ptr<Job> make_job(ExportWeights command, const JobContext& context);
std::shared_ptr<Job> make_job(SetModelSampling command, const JobContext& context);
// Each reads, changes, looks over or writes a few sprites a step; a cancelled one leaves nothing behind.
std::shared_ptr<Job> make_job(CheckDataset command, const JobContext& context);
std::shared_ptr<Job> make_job(ConvertDataset command, const JobContext& context);
std::shared_ptr<Job> make_job(PackDataset command, const JobContext& context);
std::shared_ptr<Job> make_job(PreviewDataset command, const JobContext& context);
std::shared_ptr<Job> make_job(ShowSheet command, const JobContext& context);
std::shared_ptr<Job> make_job(DrawStarterSet command, const JobContext& context);
std::shared_ptr<Job> make_job(FetchDungeonSet command, const JobContext& context);

}  // namespace kiln

#pragma once

#include <functional>
#include <memory>

#include "engine/session/job.h"
#include "engine/session/model_cache.h"
#include "engine/session/outbox.h"

namespace kiln {

class TrainingJob;

std::unique_ptr<Job> make_plan_job(PlanTraining command, Outbox& outbox);
std::unique_ptr<Job> make_sweep_job(StartSweep command, Outbox& outbox);
std::unique_ptr<Job> make_list_runs_job(ListRuns command, Outbox& outbox);
std::unique_ptr<Job> make_open_run_job(OpenRun command, Outbox& outbox);
// find: the training job of that id, or null.
std::unique_ptr<Job> make_use_training_model_job(UseTrainingModel command, std::function<TrainingJob*(JobId)> find,
                                                 ModelCache& models, Outbox& outbox);

}  // namespace kiln

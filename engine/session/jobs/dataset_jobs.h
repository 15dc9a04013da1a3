#pragma once

#include <memory>

#include "engine/session/job.h"
#include "engine/session/outbox.h"

namespace kiln {

// Each reads, changes, looks over or writes a few sprites a step; a cancelled one leaves nothing behind.
std::unique_ptr<Job> make_dataset_job(CheckDataset command, Outbox& outbox);
std::unique_ptr<Job> make_dataset_job(ConvertDataset command, Outbox& outbox);
std::unique_ptr<Job> make_dataset_job(PreviewDataset command, Outbox& outbox);
std::unique_ptr<Job> make_dataset_job(ShowSheet command, Outbox& outbox);
std::unique_ptr<Job> make_dataset_job(FetchDungeonSet command, Outbox& outbox);
std::unique_ptr<Job> make_dataset_job(DrawStarterSet command, Outbox& outbox);

}  // namespace kiln

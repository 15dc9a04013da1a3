#pragma once

#include <string>
#include <vector>

#include "engine/api/sampling.h"

namespace kiln {

// A request for each sprite of `request`, which starts from an image: the first with strength `from`, the last with `to`, those
// between evenly. Seeds follow one another as in one request, and so do conditions: the request's in turn, else the model's
// `classes`. Strengths are brought into their range.
std::vector<SampleRequest> spread_strengths(const SampleRequest& request, double from, double to,
                                            const std::vector<std::string>& classes);

}  // namespace kiln

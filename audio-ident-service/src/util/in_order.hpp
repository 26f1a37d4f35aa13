#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "core/executor.hpp"
#include "util/ordered_pipeline.hpp"

namespace audio_ident::util {

/// The stages of in_order(): the items are numbers.
template <typename Work, typename Take, typename Output>
class NumberedStages final : public PipelineStages<std::size_t, Output> {
  public:
    using Base = PipelineStages<std::size_t, Output>;

    NumberedStages(std::size_t count, Work& work, Take& take) : count_(count), work_(work), take_(take) {}

    void produce(const typename Base::Emit& emit) override {
        for (std::size_t i = 0; i < count_ && emit(i); ++i) continue;
    }
    std::unique_ptr<typename Base::Worker> make_worker() override { return std::make_unique<Worker>(work_); }
    std::size_t cost(const Output&) const override { return 0; }
    typename Base::Next consume(Output output) override {
        take_(next_++, std::move(output));
        return Base::Next::proceed;
    }

  private:
    struct Worker final : Base::Worker {
        explicit Worker(Work& work) : work_(work) {}
        Output work(std::size_t i) override { return work_(i); }
        Work& work_;
    };

    std::size_t count_;
    Work& work_;
    Take& take_;
    std::size_t next_ = 0;
};

/// The simple form of an OrderedPipeline. Calls work(0) … work(count - 1) on up to `threads` threads (0: one for each
/// core) and take(i, result) for each on the caller's thread, in order, as soon as its turn has come. After a stop no
/// further work is begun, and what was begun is taken. Throws what `work` or `take` throws.
template <typename Work, typename Take>
void in_order(std::size_t count, unsigned threads, std::stop_token stop, Work work, Take take) {
    using Output = std::invoke_result_t<Work&, std::size_t>;
    if (count == 0) return;
    PipelineSettings settings;
    settings.threads = std::min(threads_or_hardware(threads), count);
    NumberedStages<Work, Take, Output> stages(count, work, take);
    OrderedPipeline<std::size_t, Output>(settings, stages, std::move(stop)).run();
}

}  // namespace audio_ident::util

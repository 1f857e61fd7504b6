// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/books.hpp"

namespace wagesim::sweep {

Tally& Tally::operator+=(const Tally& other) noexcept
{
    points += other.points;
    done += other.done;
    failed += other.failed;
    excluded += other.excluded;
    computed += other.computed;
    return *this;
}

Books::Books(const StageRun& run) : run_(run)
{
    run_.database.visit_states(run_.stage, [this](const Member& member) {
        if (!member.excluded && member.record.state == State::begun) return;
        if (member.index >= known_.size()) known_.resize(member.index + 1);
        known_[member.index] = {member.design, member.excluded                      ? Known::excluded
                                               : member.record.state == State::done ? Known::done
                                                                                    : Known::failed};
    });
    look_again();
}

void Books::look_again()
{
    for (; counted_ < positions(); ++counted_) {
        ++tally_.points;
        count(known_at(index_at(counted_)));
    }
}

std::uint64_t Books::positions() const
{
    return run_.points != nullptr ? run_.points->size() : run_.source.count();
}

std::uint64_t Books::index_at(std::uint64_t position) const
{
    return run_.points != nullptr ? (*run_.points)[position] : position;
}

Books::Known Books::known_at(std::uint64_t index) const
{
    if (index >= known_.size()) return Known::nothing;
    const Place& place = known_[index];
    if (place.known == Known::nothing) return place.known;
    // A later stage keeps other designs where failures of the one before were tried again.
    return place.design == run_.source.design(index / run_.source.grid().seeds()) ? place.known : Known::nothing;
}

void Books::count(Known known)
{
    switch (known) {
        case Known::nothing: break;
        case Known::done: ++tally_.done; break;
        case Known::failed: ++tally_.failed; break;
        case Known::excluded: ++tally_.excluded; break;
    }
}

std::optional<Point> Books::next()
{
    while (!exhausted()) {
        const std::uint64_t index = index_at(next_++);
        if (known_at(index) != Known::nothing) continue;
        Point point = run_.source.point(index);
        if (!run_.constraints.excludes(point.settings)) return point;
        run_.database.place(run_.stage, point, std::nullopt);
        count(Known::excluded);
    }
    return std::nullopt;
}

bool Books::settle_known(const Point& point, const Identity& identity)
{
    const std::optional<Record> known = run_.database.find(identity);
    // A run that ended while nobody was there to write it down is gone on with, which takes it no step.
    if (!known || known->state == State::begun) return false;
    run_.database.place(run_.stage, point, identity);
    count(known->state == State::failed ? Known::failed : Known::done);
    return true;
}

void Books::begin(const Point& point, const Identity& identity, const std::string& folder)
{
    run_.database.begin(identity, folder, run_.version);
    run_.database.place(run_.stage, point, identity);
}

void Books::settle(const Point& point, const Identity& identity, const std::string& folder, const Record& record)
{
    run_.database.transaction([&] {
        begin(point, identity, folder);
        run_.database.finish(identity, record);
    });
    count(record.state == State::failed ? Known::failed : Known::done);
    ++tally_.computed;
    run_.observer.point_ended(point, record, tally_);
}

Record Books::failure(const std::string& error) const
{
    Record record;
    record.state = State::failed;
    record.version = run_.version;
    record.error = error;
    return record;
}

}  // namespace wagesim::sweep
